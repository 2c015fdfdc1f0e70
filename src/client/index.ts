/**
 * PayCools's API as typed methods. Needs only `fetch` and zod.
 *
 * @packageDocumentation
 */
export { Secret } from '../core/secret.ts';
export { generateMerchantKeyPair, type MerchantKeyPair } from '../verify/generate-key-pair.ts';
export { type RequestParameters, requestText, signRequest } from '../verify/request.ts';
export { type ApiCode, type ApiErrorKind, apiCodes, describeApiCode } from './api-codes.ts';
export { callByName, isCallName } from './call-by-name.ts';
export type { CallOptions } from './caller.ts';
export { readParameters } from './check-parameters.ts';
export { createPaycoolsClient, type ParametersOf, type PaycoolsClient } from './create-paycools-client.ts';
export type { Effect, Endpoint, PathOverride, PathStatus, Style } from './endpoints/definition.ts';
export type { TransactionStatus } from './endpoints/reply-fields.ts';
export { type CallName, type Endpoints, endpointList, endpoints } from './endpoints/table.ts';
export { PaycoolsApiError } from './errors/paycools-api-error.ts';
export { PaycoolsError, type RequestOutcome } from './errors/paycools-error.ts';
export { PaycoolsNetworkError } from './errors/paycools-network-error.ts';
export { PaycoolsRequestError } from './errors/paycools-request-error.ts';
export { PaycoolsResponseError, type ResponseProblem } from './errors/paycools-response-error.ts';
export { PaycoolsTimeoutError } from './errors/paycools-timeout-error.ts';
export type { UnreadableRow } from './read-rows.ts';
export type { RetryPolicy } from './retry-timing.ts';
export type { CallReport, ClientRuntime, PaycoolsClientOptions } from './settings.ts';
export type { StatementOptions, StatementPage } from './statement.ts';
