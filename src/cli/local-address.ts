import { authorityOf } from '../core/base-url.ts';

type Listening = { readonly host: string; readonly port: number };

/** Where a program of this machine reaches a listener that listens there. */
export const localAddress = ({ host, port }: Listening): string => {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${authorityOf({ host: reachable, port })}`;
};
