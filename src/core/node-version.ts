/** The oldest major version of Node.js that runs the service and the command line. */
const OLDEST_MAJOR = 24;

/**
 * The error message if Node.js is too old; null if it is not. Entry files check this before they import anything else,
 * because an older Node.js fails at the imports, with a stack trace instead of a reason.
 *
 * @param version such as `24.0.0`
 */
export const nodeProblem = (version: string): string | null =>
  Number(version.split('.')[0]) >= OLDEST_MAJOR
    ? null
    : `paycools-webhooks needs Node.js ${OLDEST_MAJOR} or later; this is ${version}. Install it from https://nodejs.org, or use the container image.`;
