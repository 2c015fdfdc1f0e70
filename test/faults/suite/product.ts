import { existsSync } from 'node:fs';

/** Whether the product that is attacked has its spool yet, and with it gate and connection profiles. */
export const hasSpool = existsSync('src/spool');
