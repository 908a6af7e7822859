import { Code, ContentFormat, isSuccess, type OutgoingRequest } from '@yaolian/coap';
import { encodePack, type PackValue } from '../formats/index.ts';
import { nodeValues } from '../node.ts';
import { formatPath, type Lwm2mPath, parsePath } from '../path.ts';
import { AccessRight } from './access-control.ts';
import { Server } from './accounts.ts';
import { clientErrors } from './errors.ts';
import type { FailureReason, ServerName } from './events.ts';
import { responseFailure } from './failure.ts';
import type { ObjectTree } from './object-tree.ts';
import { readNode } from './operations/read.ts';
import { isFailure } from './registration-session.ts';
import type { ServerSession } from './server-session.ts';

/** What to send: a path (`/3303/0/5700`) for the value it has now, or a value with its time. */
export type SendItem = string | PackValue;

export interface SendOptions {
  /** Only to this server. Absent: to all that have the terminal registered. */
  readonly shortServerId?: number;
  /** 110, 112 or 11544. Default SenML CBOR. */
  readonly contentFormat?: number;
  readonly signal?: AbortSignal;
}

/** What became of a Send to one server. */
export interface SendOutcome {
  readonly server: ServerName;
  /** `muted`: the server does not want any (1/x/23 is not false); nothing was sent. */
  readonly result: 'accepted' | 'muted' | 'failed';
  /** Present when it failed. */
  readonly failure: FailureReason | undefined;
}

/**
 * The request of a Send (OMA-TS-LightweightM2M_Core 1.1 §6.4.6, Transport 1.1 §6.4.5).
 * @throws YaolianError LWM2M_CLIENT_CANNOT_SEND when a path has nothing to be sent, or the format cannot carry the values
 */
export function sendRequest(
  tree: ObjectTree,
  items: readonly SendItem[],
  contentFormat: number,
): { readonly request: OutgoingRequest; readonly paths: readonly Lwm2mPath[] } {
  const values = items.flatMap((item) => (typeof item === 'string' ? valuesAt(tree, item) : [item]));
  if (values.length === 0) throw clientErrors.LWM2M_CLIENT_CANNOT_SEND('there is nothing in it');
  const payload = encodePack(contentFormat, values);
  if (!payload.ok) throw clientErrors.LWM2M_CLIENT_CANNOT_SEND(payload.error.message);
  const request = { method: Code.POST, path: ['dp'], contentFormat, payload: payload.value };
  return { request, paths: values.map(({ path }) => path) };
}

function valuesAt(tree: ObjectTree, text: string): readonly PackValue[] {
  const path = parsePath(text);
  if (!path.ok) throw clientErrors.LWM2M_CLIENT_CANNOT_SEND(path.error.message);
  const node = readNode(tree, path.value);
  if (!node.ok) throw clientErrors.LWM2M_CLIENT_CANNOT_SEND(`${formatPath(path.value)}: ${node.error.reason}`);
  return [...nodeValues(path.value, node.value)];
}

export const defaultSendFormat: number = ContentFormat.SenmlCbor;

/** Sends to one server, unless it has muted us or may not read what is sent. */
export async function sendTo(
  { registration, rights }: ServerSession,
  request: OutgoingRequest,
  paths: readonly Lwm2mPath[],
  signal: AbortSignal | undefined,
): Promise<SendOutcome> {
  const { server, account } = registration;
  // OMA-TS-LightweightM2M_Core 1.1 appendix E.2: true, or no value at all, means muted.
  if (account.server.value(Server.MuteSend) !== false) return { server, result: 'muted', failure: undefined };
  for (const path of paths) {
    const refusal = rights.refuse(AccessRight.Read, path);
    if (!refusal) continue;
    const failure = { code: undefined, reason: 'access-control', message: refusal.reason };
    return { server, result: 'failed', failure };
  }
  const outcome = await registration.report(request, signal);
  if (isFailure(outcome)) return { server, result: 'failed', failure: outcome };
  if (isSuccess(outcome.code)) return { server, result: 'accepted', failure: undefined };
  return { server, result: 'failed', failure: responseFailure(outcome) };
}
