/** Whether this is `npm run test:slow`, whose tests do more rounds than those of `npm test`. */
export const isLongForm = process.env['SLOW'] === 'long';
