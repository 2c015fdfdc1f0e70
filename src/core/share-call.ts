/** Makes concurrent calls share one: whoever calls while `work` is running gets the result of that run. */
export const shareCall = <Value>(work: () => Promise<Value>): (() => Promise<Value>) => {
  let running: Promise<Value> | null = null;
  return () => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
};
