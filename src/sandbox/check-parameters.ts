import { z } from 'zod';
import type { Endpoint } from '../client/endpoints/definition.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { type Reply, refuse } from './reply.ts';

type Given = Readonly<Record<string, unknown>>;

const pageSchema = z.int().min(1);

const needsQrAmount = ({ channelCode, amount }: Given): boolean =>
  typeof channelCode === 'string' && /^QRPH_(DYNAMIC|HYBRID)_QR$/.test(channelCode) && amount === undefined;

/** The refusal of an invalid parameter. A few parameters have their own codes, all others share 1009. */
const refusalOf = (given: Given, issue: z.core.$ZodIssue | undefined): Reply => {
  const name = String(issue?.path[0] ?? 'parameters');
  if (needsQrAmount(given)) return refuse(1020);
  if (name === 'email' && given['email'] !== undefined) return refuse(1015);
  if (name === 'amount' && issue?.code === 'too_big') return refuse(1007);
  return refuse(1009, name);
};

const hasInvalidEmail = ({ email }: Given): boolean => typeof email === 'string' && !email.includes('@');

/** Checks the parameters of a call against the schema of the table. */
export const checkParameters = (endpoint: Endpoint, given: Given): Result<unknown, Reply> => {
  const { page, ...rest } = given;
  const parameters = endpoint.isPaged ? rest : given;
  if (endpoint.isPaged && !pageSchema.safeParse(page).success) return fail(refuse(1009, 'page'));
  if (endpoint.needsAppName && given['appName'] === undefined) return fail(refuse(1009, 'appName'));
  const checked = endpoint.request.safeParse(parameters);
  if (!checked.success) return fail(refusalOf(given, checked.error.issues[0]));
  if (hasInvalidEmail(given)) return fail(refuse(1015));
  return ok(endpoint.isPaged ? { ...(checked.data as Given), page } : checked.data);
};
