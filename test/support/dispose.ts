import { onTestFinished } from 'vitest';

/** Disposes a resource when the test that calls this ends. Returns the resource. */
export const disposeWithTest = <Resource extends AsyncDisposable>(resource: Resource): Resource => {
  onTestFinished(() => resource[Symbol.asyncDispose]());
  return resource;
};
