/** Whether `npm run test:slow` runs, whose tests do more of the same than those of `npm test`. */
export const isLongForm = process.env['SLOW'] === 'long';
