// Passes a callback on to the service, byte for byte as it was received: the signature covers what was written.
/** @returns the service's answer, which can be given to PayCools as it is; throws where there is none in time */
export const forward = async (url, body) => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(5000),
  });
  return { status: answer.status, body: await answer.text() };
};
