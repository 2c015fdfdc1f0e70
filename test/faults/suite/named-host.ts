// Loaded into the receiver before its own code: resolves one host name to the address in a file, and to no address if the
// file is empty. Other names are looked up as usual.
import dns from 'node:dns';
import { readFileSync } from 'node:fs';

const file = process.env['NAMED_HOST_FILE'] ?? '';
const name = process.env['NAMED_HOST'] ?? '';

type Done = (error: Error | null, addresses?: readonly { readonly address: string; readonly family: 4 }[]) => void;

const answer = (done: Done): void => {
  const address = readFileSync(file, 'utf8');
  if (address !== '') done(null, [{ address, family: 4 }]);
  else done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }));
};

dns.lookup = new Proxy(dns.lookup, {
  apply: (lookup, self, args: [string, { readonly all?: boolean }, Done]) => {
    const [host, options, done] = args;
    if (host !== name) return Reflect.apply(lookup, self, args);
    if (options.all !== true) throw new Error('the net module of Node.js asks for all addresses');
    setImmediate(answer, done);
  },
});
