import { Code, ContentFormat, type IncomingResponse, isSuccess, type OutgoingRequest } from '@yaolian/coap';
import { hasCode, success } from '@yaolian/kernel';
import {
  type DecodedPack,
  decodePack,
  encodePack,
  encodePackPaths,
  isPackFormat,
  type PackRemoval,
  type PackValue,
  packNode,
} from '../formats/index.ts';
import type { ObjectModel } from '../model.ts';
import { nodeValues } from '../node.ts';
import {
  coversPath,
  formatPath,
  formatPaths,
  type Lwm2mPath,
  PathLevel,
  pathLevel,
  rootPath,
  truncatePath,
} from '../path.ts';
import type { ServerContext } from './context.ts';
import { lwm2mErrors } from './errors.ts';
import { compositeChoices } from './format-negotiation.ts';
import { acceptOf, askForValue } from './negotiated-exchange.ts';
import { type Conversation, type OperationService, refusalOf } from './operation-service.ts';
import type {
  Answer,
  ClientReference,
  CompositeReadAnswer,
  CompositeReadOptions,
  CompositeValue,
  CompositeWrite,
  Done,
  WriteOptions,
} from './operation-types.ts';
import type { RegisteredClient } from './registered-client.ts';
import { checkLevel, checkNodeFits, checkRead, checkWrite, fromObject, throwIf } from './validation.ts';

/** Operations on several paths at once: OMA-TS-LightweightM2M_Core 1.1 §6.3.8 (Read-Composite), §6.3.9 (Write-Composite). */
export class CompositeOperations {
  readonly #context: ServerContext;
  readonly #service: OperationService;

  constructor(context: ServerContext, service: OperationService) {
    this.#context = context;
    this.#service = service;
  }

  /**
   * Read-Composite: `FETCH` of any paths, the root among them. A client that answers no FETCH is read path by path.
   * @throws YaolianError of {@link lwm2mErrors}
   */
  async read(
    reference: ClientReference,
    paths: readonly Lwm2mPath[],
    options: CompositeReadOptions = {},
  ): Promise<Answer<CompositeReadAnswer>> {
    const client = this.#service.find(reference);
    this.check('Read-Composite', client, paths, options);
    return this.#service.perform<CompositeReadAnswer>(
      client,
      'read-composite',
      paths,
      options,
      async (conversation) => {
        const fetched = await this.fetch(conversation, paths, options, (request) =>
          conversation.ask(rootPath, request, this.#context.behaviour.fetchPatience),
        );
        return fetched ?? readOneByOne(conversation, paths, options);
      },
    );
  }

  /** Whether these paths may be asked for together. @throws YaolianError */
  check(
    operation: string,
    client: RegisteredClient,
    paths: readonly Lwm2mPath[],
    { accept, unchecked }: CompositeReadOptions,
  ): void {
    const { maximumCompositePaths } = this.#context.limits;
    if (paths.length === 0) throw lwm2mErrors.LWM2M_WRONG_PATH('nothing', operation, 'one path or more');
    if (paths.length > maximumCompositePaths) {
      throw lwm2mErrors.LWM2M_TOO_LARGE(
        `${paths.length} paths, and ${maximumCompositePaths} is the most: this request`,
      );
    }
    if (accept !== undefined && !isPackFormat(accept)) {
      throw lwm2mErrors.LWM2M_UNSUPPORTED_FORMAT(`Content-Format ${accept} does not carry several paths`);
    }
    if (unchecked) return;
    const { model } = this.#service.viewOf(client);
    for (const path of paths) if (pathLevel(path) !== PathLevel.Root) throwIf(checkRead(model, path));
  }

  /**
   * Sends a FETCH in one format after the other until the client takes one.
   * @returns undefined when the client answers no FETCH at all, which is remembered
   */
  async fetch(
    conversation: Conversation,
    paths: readonly Lwm2mPath[],
    { accept }: CompositeReadOptions,
    ask: (request: Omit<OutgoingRequest, 'path'>) => Promise<IncomingResponse>,
  ): Promise<Answer<CompositeReadAnswer> | undefined> {
    const { client, view } = conversation;
    if (client.formats?.composite?.format === 'none' && accept === undefined) return undefined;
    let refused: IncomingResponse | undefined;
    for (const format of accept === undefined ? compositeChoices(view.links, client.formats) : [accept]) {
      const payload = encodePackPaths(format, paths);
      if (!payload.ok) continue;
      let response: IncomingResponse;
      try {
        response = await ask({ method: Code.FETCH, contentFormat: format, accept: format, payload: payload.value });
      } catch (error) {
        if (!hasCode(error, 'LWM2M_TIMEOUT') || conversation.signal.aborted || accept !== undefined) throw error;
        return this.#giveUpFetch(conversation);
      }
      if (isSuccess(response.code)) {
        if (accept === undefined) client.formats = { ...client.formats, composite: { format } };
        const answer = compositeAnswer(conversation, paths, response);
        const found = answer.values.filter(({ node }) => node !== undefined);
        await conversation.keep(found.map(({ path, node }) => ({ path, values: [{ time: undefined, node: node! }] })));
        return success(answer);
      }
      if (meansNoFetch(response.code) && accept === undefined) return this.#giveUpFetch(conversation);
      refused = response;
      if (!meansOtherFormat(response.code)) break;
    }
    if (refused) return refusalOf(refused);
    throw lwm2mErrors.LWM2M_UNSUPPORTED_FORMAT(`${formatPaths(paths)} cannot be asked for in it`);
  }

  #giveUpFetch({ client }: Conversation): undefined {
    client.formats = { ...client.formats, composite: { format: 'none' } };
    this.#context.log.info('reading path by path from now on: the client answers no FETCH', {
      endpoint: client.registration.endpoint,
    });
  }

  /**
   * Write-Composite: `iPATCH` of resources and resource instances anywhere; all of them or none (1.1 §6.3.9).
   * @throws TypeError when a node is not what its path addresses
   * @throws YaolianError of {@link lwm2mErrors}
   */
  async write(
    reference: ClientReference,
    writes: readonly CompositeWrite[],
    options: WriteOptions = {},
  ): Promise<Answer<Done>> {
    const client = this.#service.find(reference);
    const paths = writes.map(({ path }) => path);
    const { contentFormat } = options;
    this.check('Write-Composite', client, paths, {
      ...options,
      ...(contentFormat === undefined ? {} : { accept: contentFormat }),
      unchecked: true,
    });
    const { model } = this.#service.viewOf(client);
    for (const write of writes) checkCompositeWrite(model, write, options.unchecked ?? false);
    return this.#service.perform<Done>(client, 'write-composite', paths, options, async (conversation) => {
      const response = await this.#patch(conversation, writes, contentFormat);
      return isSuccess(response.code) ? success({ code: response.code }) : refusalOf(response);
    });
  }

  async #patch(
    conversation: Conversation,
    writes: readonly CompositeWrite[],
    only: number | undefined,
  ): Promise<IncomingResponse> {
    const { client, view, maximumWriteBytes } = conversation;
    const choices = only === undefined ? compositeChoices(view.links, client.formats) : [only];
    const removes = writes.some(({ node }) => node === undefined);
    let refused: IncomingResponse | undefined;
    let unsuitable = '';
    for (const chosen of choices) {
      const format = removes ? etchOf(chosen) : chosen;
      const payload = encodeWrites(format, writes);
      if (!payload.ok) {
        unsuitable = payload.error.message;
        continue;
      }
      if (payload.value.length > maximumWriteBytes) {
        throw lwm2mErrors.LWM2M_TOO_LARGE(`${payload.value.length} bytes to write`);
      }
      const request = { method: Code.iPATCH, contentFormat: format, payload: payload.value };
      const response = await conversation.ask(rootPath, request);
      if (isSuccess(response.code) || !meansOtherFormat(response.code)) return response;
      refused = response;
    }
    if (refused) return refused;
    throw lwm2mErrors.LWM2M_UNSUPPORTED_FORMAT(unsuitable);
  }
}

/** SenML-ETCH (RFC 8790) where SenML was chosen: it alone can say that something is removed. */
function etchOf(format: number): number {
  if (format === ContentFormat.SenmlJson) return ContentFormat.SenmlEtchJson;
  return format === ContentFormat.SenmlCbor ? ContentFormat.SenmlEtchCbor : format;
}

function encodeWrites(format: number, writes: readonly CompositeWrite[]) {
  const values: (PackValue | PackRemoval)[] = [];
  for (const { path, node } of writes) {
    if (node) values.push(...nodeValues(path, node));
    else values.push({ path, removed: true });
  }
  return encodePack(format, values);
}

function checkCompositeWrite(model: ObjectModel, { path, node }: CompositeWrite, unchecked: boolean): void {
  const fromResource = [PathLevel.ObjectInstance, PathLevel.Resource, PathLevel.ResourceInstance];
  throwIf(checkLevel('Write-Composite', path, node ? fromResource : [PathLevel.ResourceInstance]));
  if (!node) return;
  checkNodeFits(path, node);
  if (!unchecked) throwIf(checkWrite(model, path, node));
}

/** What a FETCH brought, path by path. @throws YaolianError LWM2M_ANSWER_MALFORMED */
function compositeAnswer(
  { view }: Pick<Conversation, 'view'>,
  paths: readonly Lwm2mPath[],
  response: IncomingResponse,
): CompositeReadAnswer {
  const { code, contentFormat, payload } = response;
  const malformed = (why: string) => lwm2mErrors.LWM2M_ANSWER_MALFORMED(formatPaths(paths), why);
  if (contentFormat === undefined) throw malformed('it does not say its Content-Format');
  const pack = decodePack(contentFormat, payload, view.model);
  if (!pack.ok) throw malformed(pack.error.message);
  const values = compositeValues(pack.value, paths, view.model);
  if (!values.ok) throw malformed(values.error.message);
  return { code, contentFormat, values: values.value, oneByOne: false };
}

/** The nodes that a pack has for paths. */
function compositeValues(pack: DecodedPack, paths: readonly Lwm2mPath[], model: ObjectModel) {
  const values: CompositeValue[] = [];
  for (const path of pathsWithin(pack, paths)) {
    const node = packNode(pack, path, model);
    if (!node.ok) return node;
    values.push({ path, node: node.value });
  }
  return success(values);
}

/** The paths, the root among them given as the objects that there are. */
export function pathsWithin(pack: DecodedPack, paths: readonly Lwm2mPath[]): readonly Lwm2mPath[] {
  return paths.flatMap((path) => (pathLevel(path) === PathLevel.Root ? objectsIn(pack, path) : [path]));
}

function objectsIn(pack: DecodedPack, root: Lwm2mPath): readonly Lwm2mPath[] {
  const objects = new Map<string, Lwm2mPath>();
  for (const { path } of pack.records) {
    const object = truncatePath(path, PathLevel.Object);
    if (coversPath(root, object)) objects.set(formatPath(object), object);
  }
  return [...objects.values()];
}

async function readOneByOne(
  conversation: Conversation,
  paths: readonly Lwm2mPath[],
  options: CompositeReadOptions,
): Promise<Answer<CompositeReadAnswer>> {
  const values: CompositeValue[] = [];
  for (const path of paths) {
    throwIf(checkLevel('Read', path, fromObject));
    const answer = await askForValue(conversation, path, acceptOf(options), (request) =>
      conversation.ask(path, request),
    );
    // Partial presence (1.1 §6.3.8): what is not there is left out, and so it is here.
    values.push({ path, node: answer.ok ? answer.value.node : undefined });
  }
  return success({ code: Code.Content, contentFormat: undefined, values, oneByOne: true });
}

/** The client does not know the method. */
function meansNoFetch(code: number): boolean {
  return code === Code.MethodNotAllowed || code === Code.NotImplemented;
}

function meansOtherFormat(code: number): boolean {
  return code === Code.UnsupportedContentFormat || code === Code.NotAcceptable;
}
