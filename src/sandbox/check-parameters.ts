import { z } from 'zod';
import type { Endpoint } from '../client/endpoints/definition.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { type Reply, refuse } from './reply.ts';

type Given = Readonly<Record<string, unknown>>;

const page = z.int().min(1);

const needsQrAmount = ({ channelCode, amount }: Given): boolean =>
  typeof channelCode === 'string' && /^QRPH_(DYNAMIC|HYBRID)_QR$/.test(channelCode) && amount === undefined;

/** The code for a wrong parameter; most have only the general one. */
const refusalOf = (given: Given, issue: z.core.$ZodIssue | undefined): Reply => {
  const name = String(issue?.path[0] ?? 'parameters');
  if (needsQrAmount(given)) return refuse(1020);
  if (name === 'email' && given['email'] !== undefined) return refuse(1015);
  if (name === 'amount' && issue?.code === 'too_big') return refuse(1007);
  return refuse(1009, name);
};

/** Only the @ of an e-mail address is checked. */
const hasWrongEmail = ({ email }: Given): boolean => typeof email === 'string' && !email.includes('@');

/** Checks the parameters of a call against the schema of the table. */
export const checkParameters = (endpoint: Endpoint, given: Given): Result<unknown, Reply> => {
  const { page: asked, ...rest } = given;
  const parameters = endpoint.isPaged ? rest : given;
  if (endpoint.isPaged && !page.safeParse(asked).success) return fail(refuse(1009, 'page'));
  if (endpoint.needsAppName && given['appName'] === undefined) return fail(refuse(1009, 'appName'));
  const checked = endpoint.request.safeParse(parameters);
  if (!checked.success) return fail(refusalOf(given, checked.error.issues[0]));
  if (hasWrongEmail(given)) return fail(refuse(1015));
  return ok(endpoint.isPaged ? { ...(checked.data as Given), page: asked } : checked.data);
};
