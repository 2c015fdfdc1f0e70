/** Makes concurrent calls share one run of `work`: a call during a run gets the result of that run. */
export const shareCall = <Value>(work: () => Promise<Value>): (() => Promise<Value>) => {
  let running: Promise<Value> | null = null;
  return () => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
};
