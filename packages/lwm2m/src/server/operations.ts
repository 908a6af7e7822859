import {
  type BodySource,
  Code,
  ContentFormat,
  type IncomingResponse,
  isSuccess,
  type OutgoingRequest,
  sendBody,
} from '@yaolian/coap';
import { encodeUtf8, success } from '@yaolian/kernel';
import { type AttributeChanges, applyAttributes, checkAttributes, formatAttributeQuery } from '../attributes.ts';
import { type DiscoveredLink, decodeDiscover } from '../formats/index.ts';
import { objectAt } from '../model.ts';
import { type Lwm2mNode, type ObjectInstanceNode, objectInstance } from '../node.ts';
import {
  behindGateway,
  childPath,
  coversPath,
  formatPath,
  type Lwm2mPath,
  PathLevel,
  parentPath,
  parsePathSegments,
  pathLevel,
  truncatePath,
} from '../path.ts';
import { lwm2mErrors } from './errors.ts';
import { type ExecuteArgument, formatExecuteArguments, parseExecuteArguments } from './execute-arguments.ts';
import { isLegacyFormat } from './legacy-formats.ts';
import { acceptOf, askForValue, writeValue } from './negotiated-exchange.ts';
import { type Conversation, type OperationService, refusalOf } from './operation-service.ts';
import type {
  Answer,
  BodyOptions,
  ClientReference,
  CreateAnswer,
  DiscoverAnswer,
  DiscoverOptions,
  Done,
  OperationOptions,
  ReadAnswer,
  ReadOptions,
  WriteOptions,
} from './operation-types.ts';
import {
  checkCreate,
  checkDelete,
  checkExecute,
  checkLevel,
  checkNodeFits,
  checkRead,
  checkWrite,
  fromObject,
  throwIf,
} from './validation.ts';

type Operation = (conversation: Conversation) => Promise<Answer<Done>>;

/**
 * The operations of the device management interface: OMA-TS-LightweightM2M 1.0 §5.4 and §8.2.4, 1.1 core §6.3.
 *
 * Each resolves with what the client answered, a refusal (4.xx, 5.xx) as a value with its code. Each throws YaolianError of
 * {@link lwm2mErrors} when the client could not be asked, or must not be by the object model.
 */
export class Operations {
  readonly #service: OperationService;

  constructor(service: OperationService) {
    this.#service = service;
  }

  /** Read: `GET` of an object, object instance, resource or resource instance (1.0 §5.4.1). */
  async read(reference: ClientReference, path: Lwm2mPath, options: ReadOptions = {}): Promise<Answer<ReadAnswer>> {
    const client = this.#service.find(reference);
    throwIf(checkLevel('Read', path, fromObject));
    if (!options.unchecked) throwIf(checkRead(this.#service.viewOf(client).model, path));
    return this.#service.perform<ReadAnswer>(client, 'read', path, options, (conversation) =>
      askForValue(conversation, path, acceptOf(options), (request) => conversation.ask(path, request)),
    );
  }

  /** Discover: `GET` with Accept link-format of an object, object instance or resource (1.0 §5.4.2). */
  async discover(
    reference: ClientReference,
    path: Lwm2mPath,
    options: DiscoverOptions = {},
  ): Promise<Answer<DiscoverAnswer>> {
    const client = this.#service.find(reference);
    throwIf(checkLevel('Discover', path, [PathLevel.Object, PathLevel.ObjectInstance, PathLevel.Resource]));
    return this.#service.perform<DiscoverAnswer>(client, 'discover', path, options, async (conversation) => {
      const query = options.depth === undefined ? {} : { query: [`depth=${options.depth}`] };
      const response = await conversation.ask(path, { method: Code.GET, accept: ContentFormat.LinkFormat, ...query });
      if (!isSuccess(response.code)) return refusalOf(response);
      const links = readLinks(response, path, conversation.view.links.rootPath);
      return success({ code: response.code, links: links.map((link) => linkBehind(path.prefix, link)) });
    });
  }

  /**
   * Write, replacing what is there: `PUT` of an object instance, resource or resource instance (1.0 §5.4.3).
   * @throws TypeError when the node is not what the path addresses
   */
  async write(
    reference: ClientReference,
    path: Lwm2mPath,
    node: Lwm2mNode,
    options: WriteOptions = {},
  ): Promise<Answer<Done>> {
    throwIf(checkLevel('Write', path, [PathLevel.ObjectInstance, PathLevel.Resource, PathLevel.ResourceInstance]));
    return this.#write(reference, Code.PUT, path, node, options);
  }

  /**
   * Write, partial update: `POST` to an object instance, which keeps what the node leaves out (1.0 §5.4.3). A resource is
   * updated through its instance, so that a resource with instances keeps those that the node leaves out.
   * @throws TypeError when the node is not what the path addresses
   */
  async update(
    reference: ClientReference,
    path: Lwm2mPath,
    node: Lwm2mNode,
    options: WriteOptions = {},
  ): Promise<Answer<Done>> {
    throwIf(checkLevel('Write (partial update)', path, [PathLevel.ObjectInstance, PathLevel.Resource]));
    checkNodeFits(path, node);
    if (node.kind === 'resource' || node.kind === 'multiple-resource') {
      const instanceId = path.objectInstanceId!;
      return this.#write(reference, Code.POST, parentPath(path), objectInstance(instanceId, [node]), options);
    }
    return this.#write(reference, Code.POST, path, node, options);
  }

  /**
   * Write of an opaque resource from a source, block by block (`PUT` with Block1): for packages that are too large to be held.
   * Other operations go on meanwhile. There is no time limit but that of each block.
   */
  async writeBody(
    reference: ClientReference,
    path: Lwm2mPath,
    source: BodySource,
    options: BodyOptions = {},
  ): Promise<Answer<Done>> {
    throwIf(checkLevel('Write', path, [PathLevel.Resource, PathLevel.ResourceInstance]));
    const client = this.#service.find(reference);
    const request = { method: Code.PUT, contentFormat: ContentFormat.OctetStream } as const;
    const work: Operation = async (conversation) =>
      doneOrRefused(
        await sendBody((block) => conversation.ask(path, { ...request, ...block }), request, source, options),
      );
    return this.#service.perform<Done>(client, 'write', path, options, work, true);
  }

  async #write(
    reference: ClientReference,
    method: typeof Code.PUT | typeof Code.POST,
    path: Lwm2mPath,
    node: Lwm2mNode,
    options: WriteOptions,
  ): Promise<Answer<Done>> {
    checkNodeFits(path, node);
    const client = this.#service.find(reference);
    if (!options.unchecked) throwIf(checkWrite(this.#service.viewOf(client).model, path, node));
    const { contentFormat } = options;
    return this.#service.perform<Done>(client, 'write', path, options, async (conversation) =>
      doneOrRefused(await writeValue(conversation, { method, path, content: path, node, contentFormat })),
    );
  }

  /**
   * Create: `POST` of a new instance to its object (1.0 §5.4.6).
   * @param path the object, and the client chooses the id; or the instance, whose id is then part of what is sent
   */
  async create(
    reference: ClientReference,
    path: Lwm2mPath,
    instance: ObjectInstanceNode,
    options: WriteOptions = {},
  ): Promise<Answer<CreateAnswer>> {
    throwIf(checkLevel('Create', path, [PathLevel.Object, PathLevel.ObjectInstance]));
    const client = this.#service.find(reference);
    if (!options.unchecked) throwIf(checkCreate(this.#service.viewOf(client).model, path, instance));
    const objectPath = truncatePath(path, PathLevel.Object);
    return this.#service.perform<CreateAnswer>(client, 'create', path, options, async (conversation) => {
      const response = await writeValue(conversation, createRequest(path, instance, options.contentFormat));
      if (!isSuccess(response.code)) return refusalOf(response);
      const created = createdPath(response, objectPath, conversation.view.links.rootPath);
      return success({ code: response.code, path: created ?? (path === objectPath ? undefined : path) });
    });
  }

  /** Delete: `DELETE` of an object instance (1.0 §5.4.7); of a resource instance in 1.2. */
  async delete(reference: ClientReference, path: Lwm2mPath, options: OperationOptions = {}): Promise<Answer<Done>> {
    throwIf(checkLevel('Delete', path, [PathLevel.ObjectInstance, PathLevel.ResourceInstance]));
    const client = this.#service.find(reference);
    const isInstance = pathLevel(path) === PathLevel.ObjectInstance;
    if (!options.unchecked && isInstance) throwIf(checkDelete(this.#service.viewOf(client).model, path));
    return this.#simple(client, 'delete', path, options, { method: Code.DELETE });
  }

  /**
   * Execute: `POST` to a resource (1.0 §5.4.5).
   * @param args `0='reboot',1`, or the arguments one by one; absent or empty: none
   */
  async execute(
    reference: ClientReference,
    path: Lwm2mPath,
    args: string | readonly ExecuteArgument[] = '',
    options: OperationOptions = {},
  ): Promise<Answer<Done>> {
    throwIf(checkLevel('Execute', path, [PathLevel.Resource]));
    const client = this.#service.find(reference);
    if (!options.unchecked) throwIf(checkExecute(this.#service.viewOf(client).model, path));
    const text = typeof args === 'string' ? args : formatExecuteArguments(args);
    const parsed = parseExecuteArguments(text);
    if (!parsed.ok && !options.unchecked) {
      throw lwm2mErrors.LWM2M_WRONG_ARGUMENTS(`${parsed.error.message} (at character ${parsed.error.offset})`);
    }
    const request = { method: Code.POST, contentFormat: ContentFormat.Text, payload: encodeUtf8(text) };
    return this.#simple(client, 'execute', path, options, text === '' ? { method: Code.POST } : request);
  }

  /**
   * Write-Attributes: `PUT` with attributes in the query and no payload (1.0 §5.4.4).
   * @param changes a number sets an attribute, null removes it
   */
  async writeAttributes(
    reference: ClientReference,
    path: Lwm2mPath,
    changes: AttributeChanges,
    options: OperationOptions = {},
  ): Promise<Answer<Done>> {
    throwIf(checkLevel('Write-Attributes', path, fromObject));
    const client = this.#service.find(reference);
    if (!options.unchecked) this.#checkAttributes(client, path, changes);
    const query = formatAttributeQuery(changes);
    return this.#simple(client, 'write-attributes', path, options, { method: Code.PUT, query });
  }

  #checkAttributes(client: ReturnType<OperationService['find']>, path: Lwm2mPath, changes: AttributeChanges): void {
    const isResource = pathLevel(path) >= PathLevel.Resource;
    const object = objectAt(this.#service.viewOf(client).model, path);
    // Of a resource that the model does not know, any attribute may be right.
    const unknown = changes.edge === undefined ? 'float' : 'boolean';
    const type = object?.resources.get(path.resourceId!)?.type ?? unknown;
    const checked = checkAttributes(applyAttributes({}, changes), isResource ? { type } : {});
    if (!checked.ok) throw lwm2mErrors.LWM2M_WRONG_ATTRIBUTES(checked.error.message);
  }

  #simple(
    client: ReturnType<OperationService['find']>,
    operation: 'delete' | 'execute' | 'write-attributes',
    path: Lwm2mPath,
    options: OperationOptions,
    request: Omit<OutgoingRequest, 'path'>,
  ): Promise<Answer<Done>> {
    const work: Operation = async (conversation) => doneOrRefused(await conversation.ask(path, request));
    return this.#service.perform<Done>(client, operation, path, options, work);
  }
}

function doneOrRefused(response: IncomingResponse): Answer<Done> {
  return isSuccess(response.code) ? success({ code: response.code }) : refusalOf(response);
}

function createRequest(path: Lwm2mPath, instance: ObjectInstanceNode, contentFormat: number | undefined) {
  const objectPath = truncatePath(path, PathLevel.Object);
  const base = { method: Code.POST, path: objectPath, contentFormat } as const;
  // 1.0 §5.4.6: without an id the payload is the resources alone, which among the formats only TLV can say.
  if (pathLevel(path) === PathLevel.Object) {
    return { ...base, content: childPath(objectPath, instance.id), node: instance, tlvOnly: true } as const;
  }
  const named: ObjectInstanceNode = { ...instance, id: path.objectInstanceId! };
  const node: Lwm2mNode = { kind: 'object', id: path.objectId!, instances: new Map([[named.id, named]]) };
  return { ...base, content: objectPath, node } as const;
}

/** The instance that Location-Path names, below the client's root path or written without it. */
function createdPath(
  response: IncomingResponse,
  objectPath: Lwm2mPath,
  rootPath: readonly string[],
): Lwm2mPath | undefined {
  const location = response.locationPath;
  const isBelowRoot = rootPath.every((segment, index) => location[index] === segment);
  const parsed = parsePathSegments(location, isBelowRoot ? rootPath.length : 0);
  if (!parsed.ok || pathLevel(parsed.value) !== PathLevel.ObjectInstance) return undefined;
  const created = behindGateway(objectPath.prefix, parsed.value);
  return coversPath(objectPath, created) ? created : undefined;
}

/** OMA-TS-LWM2M_Gateway 1.1 §8.3.1: the links of a device behind a gateway come without its prefix. */
function linkBehind(prefix: string | undefined, link: DiscoveredLink): DiscoveredLink {
  if (prefix === undefined || link.path.prefix !== undefined) return link;
  return { ...link, path: behindGateway(prefix, link.path) };
}

/** A list under any label that says so, or little: some terminals answer with legacy numbers. */
function readLinks(
  response: IncomingResponse,
  path: Lwm2mPath,
  rootPath: readonly string[],
): readonly DiscoveredLink[] {
  const { contentFormat, payload } = response;
  const isList =
    contentFormat === undefined || contentFormat === ContentFormat.LinkFormat || isLegacyFormat(contentFormat);
  if (!isList) throw lwm2mErrors.LWM2M_ANSWER_MALFORMED(formatPath(path), `Content-Format ${contentFormat} is no list`);
  const links = decodeDiscover(payload, { rootPath });
  if (!links.ok) throw lwm2mErrors.LWM2M_ANSWER_MALFORMED(formatPath(path), links.error.message);
  return links.value;
}
