import { authorityOf } from '../core/base-url.ts';

type Listening = { readonly host: string; readonly port: number };

/** The URL at which a program on this machine reaches a listener. */
export const localAddress = ({ host, port }: Listening): string => {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${authorityOf({ host: reachable, port })}`;
};
