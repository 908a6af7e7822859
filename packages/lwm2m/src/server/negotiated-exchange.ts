import {
  Code,
  ContentFormat,
  type IncomingResponse,
  isSuccess,
  type Method,
  type OutgoingRequest,
} from '@yaolian/coap';
import { success } from '@yaolian/kernel';
import { encodeContent } from '../formats/index.ts';
import type { Lwm2mNode } from '../node.ts';
import { formatPath, type Lwm2mPath, PathLevel, pathLevel } from '../path.ts';
import { decodeAnswer } from './answer-content.ts';
import { lwm2mErrors } from './errors.ts';
import {
  type FormatChoice,
  isReadFormatRefusal,
  isWriteFormatRefusal,
  learn,
  readChoices,
  writeChoices,
} from './format-negotiation.ts';
import { legacyTlvFormat } from './legacy-formats.ts';
import { type Conversation, refusalOf } from './operation-service.ts';
import type { Answer, ReadAnswer, ReadOptions } from './operation-types.ts';

/**
 * Asks for a value with one Accept after the other until the client finds one to its taste, and notes which.
 * @param only the caller's choice: no other is tried
 * @param ask sends the request that it is given, a `GET`
 */
export async function askForValue(
  conversation: Conversation,
  path: Lwm2mPath,
  only: { readonly format: FormatChoice } | undefined,
  ask: (request: Omit<OutgoingRequest, 'path'>) => Promise<IncomingResponse>,
): Promise<Answer<ReadAnswer>> {
  const { client, view } = conversation;
  const key = pathLevel(path) >= PathLevel.Resource ? 'readOne' : 'readMany';
  const known = client.formats?.[key];
  const choices = only ? [only.format] : readChoices(view.links, path, client.formats);
  let refused: IncomingResponse | undefined;
  for (const format of choices) {
    const response = await ask(format === undefined ? { method: Code.GET } : { method: Code.GET, accept: format });
    if (isSuccess(response.code)) {
      if (!only) client.formats = learn(client.formats, key, format);
      const answer = readAnswer(conversation, path, response);
      await conversation.keep([{ path, values: answer.values }]);
      return success(answer);
    }
    // Without an Accept the client could answer as it likes: what it says then is about the value, not the format.
    if (!refused || format === undefined) refused = response;
    if (!isReadFormatRefusal(response.code, known !== undefined && known.format === format)) return refusalOf(response);
  }
  return refusalOf(refused!);
}

/** What the response to a Read says. @throws YaolianError LWM2M_ANSWER_MALFORMED */
function readAnswer(conversation: Conversation, path: Lwm2mPath, response: IncomingResponse): ReadAnswer {
  const { code, contentFormat, payload } = response;
  const decoded = decodeAnswer(contentFormat, path, payload, conversation.view.model);
  if (!decoded.ok) throw lwm2mErrors.LWM2M_ANSWER_MALFORMED(formatPath(path), decoded.error.message);
  return { code, contentFormat, values: decoded.value, node: decoded.value.at(-1)!.node };
}

export interface ValueToWrite {
  readonly method: Method;
  /** Where it is sent. */
  readonly path: Lwm2mPath;
  /** What the node is, in its own words: differs from `path` when an instance without an id is created. */
  readonly content: Lwm2mPath;
  readonly node: Lwm2mNode;
  /** The caller's choice: no other is tried. */
  readonly contentFormat: number | undefined;
  readonly tlvOnly?: boolean;
}

/** Writes a value in one Content-Format after the other until the client takes it, and notes which. */
export async function writeValue(conversation: Conversation, value: ValueToWrite): Promise<IncomingResponse> {
  const { client } = conversation;
  const { method, path, node } = value;
  const isOne = node.kind === 'resource' || node.kind === 'resource-instance';
  let refused: IncomingResponse | undefined;
  let unsuitable = '';
  for (const format of choicesFor(conversation, value)) {
    const encoded = encodeContent(format, value.content, node);
    if (!encoded.ok) {
      unsuitable = encoded.error.message;
      continue;
    }
    if (encoded.value.length > conversation.maximumWriteBytes) {
      throw lwm2mErrors.LWM2M_TOO_LARGE(`${encoded.value.length} bytes for ${formatPath(path)}`);
    }
    const response = await conversation.ask(path, { method, contentFormat: format, payload: encoded.value });
    if (!isSuccess(response.code) && isWriteFormatRefusal(response.code)) {
      refused = response;
      continue;
    }
    const isLearnt = isSuccess(response.code) && value.contentFormat === undefined && !value.tlvOnly;
    if (isLearnt) client.formats = learn(client.formats, isOne ? 'writeOne' : 'writeMany', format);
    return response;
  }
  if (refused) return refused;
  throw lwm2mErrors.LWM2M_UNSUPPORTED_FORMAT(unsuitable);
}

function choicesFor(conversation: Conversation, value: ValueToWrite): readonly number[] {
  if (value.contentFormat !== undefined) return [value.contentFormat];
  if (value.tlvOnly) return [ContentFormat.Lwm2mTlv, legacyTlvFormat];
  const { client, view } = conversation;
  return writeChoices(view.links, value.node, client.formats, client.registration.lwm2mVersion);
}

/** The one choice that the caller made, if he made one. */
export function acceptOf(options: ReadOptions): { readonly format: FormatChoice } | undefined {
  if (options.accept === undefined) return undefined;
  return { format: options.accept === 'any' ? undefined : options.accept };
}
