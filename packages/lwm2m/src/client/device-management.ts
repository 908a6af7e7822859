import {
  Code,
  ContentFormat,
  type IncomingRequest,
  isSuccess,
  type Observer,
  type OutgoingResponse,
  type UploadSink,
} from '@yaolian/coap';
import { type Clock, type Result, success, type Timers, zeroDuration } from '@yaolian/kernel';
import { applyAttributes, checkAttributes, type NotificationAttributes, parseAttributeQuery } from '../attributes.ts';
import { decodeContent, encodePack, type PackValue } from '../formats/index.ts';
import {
  behindGateway,
  childPath,
  type Lwm2mPath,
  PathLevel,
  parsePathSegments,
  pathLevel,
  pathSegments,
} from '../path.ts';
import { AccessRight, type ServerRights } from './access-control.ts';
import { AttributeTable } from './attribute-table.ts';
import type { ObjectTree, TreeChange } from './object-tree.ts';
import { type ObservationSource, type ObservedTarget, PathObservation } from './observation.ts';
import { unauthorized } from './operations/authorization.ts';
import { compositeResponse, readPaths, requestedPaths, writeComposite } from './operations/composite.ts';
import { createInstance, deleteInstance } from './operations/create.ts';
import { discover } from './operations/discover.ts';
import { execute } from './operations/execute.ts';
import { andThen, type Outcome } from './operations/outcome.ts';
import { contentRefusal, contentResponse, defaultFormat, type Lwm2mVersion, readNode } from './operations/read.ts';
import { findInstance, findResource } from './operations/target.ts';
import { openUpload } from './operations/upload.ts';
import { type WriteMode, writeNode } from './operations/write.ts';
import { attributeTarget, writeAttributes } from './operations/write-attributes.ts';
import { type Refusal, refusalResponse, refused } from './refusal.ts';
import { type DefaultPeriods, reportingPeriods } from './reporting.ts';
import { type StorageBounds, StoredNotifications, type StoringTerminal } from './stored-notifications.ts';

/** What a server asked for, as events name it. */
export type OperationName =
  | 'read'
  | 'observe'
  | 'cancel-observation'
  | 'discover'
  | 'write'
  | 'write-attributes'
  | 'execute'
  | 'create'
  | 'delete'
  | 'read-composite'
  | 'observe-composite'
  | 'write-composite'
  | 'unknown';

/** The terminal as one server's operations see it. */
export interface ManagedTerminal {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly tree: ObjectTree;
  readonly version: Lwm2mVersion;
  /** What the server may do where there are several. */
  readonly rights: ServerRights;
  readonly confirmableNotifications: boolean;
  /** Resource 6 of the server's Server object instance: what it cannot be told is kept for it. */
  readonly storesNotifications: boolean;
  readonly storageBounds: StorageBounds;
  /** At this bound a server that asks to observe is answered as if it had asked to read. */
  readonly maximumObservations: number;
  /** Resources 2 and 3 of the server's Server object instance. */
  defaultPeriods(): DefaultPeriods;
  operated(operation: OperationName, path: string, code: number): void;
  observing(started: boolean, paths: readonly Lwm2mPath[]): void;
  notified(paths: readonly Lwm2mPath[]): void;
  /** A notification is about to be sent. */
  active(): void;
  /** What is kept for the server is something else now. */
  storedChanged(): void;
}

type Answer = OutgoingResponse | Promise<OutgoingResponse>;

/** The device management and information reporting interfaces towards one server (OMA-TS-LightweightM2M_Core 1.1 §6.3, §6.4). */
export class DeviceManagement {
  readonly #terminal: ManagedTerminal;
  readonly #attributes = new AttributeTable();
  #observations: PathObservation[] | undefined;
  #observationSource: (ObservationSource & StoringTerminal) | undefined;
  #stored: StoredNotifications | undefined;

  constructor(terminal: ManagedTerminal) {
    this.#terminal = terminal;
  }

  get observationCount(): number {
    return this.#observations?.length ?? 0;
  }

  serve(request: IncomingRequest): Answer {
    const path = parsePathSegments(request.path);
    const operation = operationOf(request, path.ok ? path.value : {});
    const answer = path.ok
      ? this.#perform(operation, path.value, request)
      : refusalResponse({ code: Code.NotFound, reason: path.error.message });
    return andThen(answer, (response) => {
      this.#terminal.operated(operation, `/${request.path.join('/')}`, response.code);
      return response;
    });
  }

  /** Where a body goes that comes in several messages; undefined: it is to be put together, for {@link serve}. */
  upload(request: IncomingRequest, size: number | undefined): UploadSink | OutgoingResponse | undefined {
    const { tree, rights } = this.#terminal;
    const target = parsePathSegments(request.path);
    if (target.ok && unauthorized(tree, rights, 'write', target.value)) return undefined;
    const sink = openUpload(tree, request, size);
    if (sink === undefined) return undefined;
    const path = `/${request.path.join('/')}`;
    const done = (response: OutgoingResponse) => {
      this.#terminal.operated('write', path, response.code);
      return response;
    };
    if (!('write' in sink)) return done(refusalResponse(sink));
    return {
      write: async (bytes, offset) => {
        const refusal = await sink.write(bytes, offset);
        return refusal && done(refusal);
      },
      finish: async (length) => done(await sink.finish(length)),
      abort: () => sink.abort(),
    };
  }

  /** Values, instances, or the server's own defaults are others now. */
  changed(changes: readonly TreeChange[]): void {
    const { tree } = this.#terminal;
    for (const { prefix, objectId, instanceId, resourceId } of changes) {
      const path = behindGateway(prefix, { objectId, objectInstanceId: instanceId });
      const gone = resourceId === undefined && !tree.at(path)?.instance(objectId, instanceId);
      if (gone) this.#attributes.forgetInstance(path);
    }
    for (const observation of [...(this.#observations ?? [])]) observation.changed(changes);
    this.#stored?.changed(changes);
  }

  /** The default periods are others now. */
  replan(): void {
    for (const observation of [...(this.#observations ?? [])]) observation.plan();
    this.#stored?.replan();
  }

  /** Drops all observations without a word: registrations take them along. What they would tell from now on may be kept. */
  endObservations(): void {
    const observations = this.#observations ?? [];
    this.#observations = undefined;
    for (const observation of observations) {
      observation.end();
      this.#terminal.observing(false, observation.target.paths);
    }
    if (observations.length === 0 || !this.#terminal.storesNotifications) return;
    this.#stored ??= new StoredNotifications(this.#source, this.#terminal.storageBounds);
    this.#stored.begin(observations.map(({ target }) => target));
  }

  /** The server can be told again, or is gone: nothing more is kept for it. What was kept, it gives, and {@link keep} takes back. */
  takeStored(): readonly PackValue[] {
    this.#stored?.stop();
    return this.#stored?.take('all') ?? [];
  }

  /** What is kept for the server. */
  get stored(): readonly PackValue[] {
    return this.#stored?.values ?? [];
  }

  /** Keeps what the server is yet to be told: it is older than everything that comes. */
  keep(values: readonly PackValue[]): void {
    if (values.length === 0) return;
    this.#stored ??= new StoredNotifications(this.#source, this.#terminal.storageBounds);
    this.#stored.putBack(values);
  }

  #perform(operation: OperationName, path: Lwm2mPath, request: IncomingRequest): Answer {
    const { tree, rights } = this.#terminal;
    const refusal = unauthorized(tree, rights, operation, path);
    if (refusal) return refusalResponse(refusal);
    switch (operation) {
      case 'read':
        return this.#read(path, request.accept);
      case 'observe':
        return this.#observe(path, request);
      case 'cancel-observation':
        return request.method === Code.FETCH ? this.#readComposite(request) : this.#read(path, request.accept);
      case 'read-composite':
      case 'observe-composite':
        return this.#readComposite(request);
      case 'write-composite':
        return changed(
          writeComposite(tree, request.contentFormat, request.payload, (one) => rights.refuse(AccessRight.Write, one)),
        );
      case 'discover':
        return discover({ tree, attributes: this.#attributes, version: this.#terminal.version }, path, request.query);
      case 'write':
        return this.#write(path, request);
      case 'write-attributes':
        return this.#writeAttributes(path, request.query);
      case 'execute':
        return changed(execute(tree, path, request.payload));
      case 'create':
        return this.#create(path, request);
      case 'delete':
        return answerOf(deleteInstance(tree, path, this.#terminal.version), () => ({ code: Code.Deleted }));
      default:
        return refusalResponse({ code: Code.MethodNotAllowed, reason: 'no operation of this release' });
    }
  }

  #read(path: Lwm2mPath, accept: number | undefined): OutgoingResponse {
    const node = readNode(this.#terminal.tree, path, this.#mayRead);
    if (!node.ok) return refusalResponse(node.error);
    return contentResponse(path, node.value, accept ?? defaultFormat(node.value, this.#terminal.version));
  }

  #observe(path: Lwm2mPath, request: IncomingRequest): OutgoingResponse {
    const attributes = this.#observeAttributes(path, request.query);
    if (!attributes.ok) return refusalResponse(attributes.error);
    const target = { paths: [path], composite: false, format: request.accept, attributes: attributes.value };
    return this.#begin(target, request);
  }

  /** LwM2M 1.2 §6.4.1: an Observe may carry attributes, which hold for it alone, over those that were written. */
  #observeAttributes(
    path: Lwm2mPath | undefined,
    query: readonly string[],
  ): Result<NotificationAttributes | undefined, Refusal> {
    if (query.length === 0) return success(undefined);
    const changes = parseAttributeQuery(query);
    if (!changes.ok) return refused(Code.BadRequest, changes.error.message);
    const type = path && attributeTarget(this.#terminal.tree, path);
    if (type && !type.ok) return type;
    const given = applyAttributes(path ? this.#attributes.effective(path) : {}, changes.value);
    const checked = checkAttributes(given, type?.value === undefined ? {} : { type: type.value });
    if (!checked.ok) return refused(Code.BadRequest, checked.error.message);
    return success(applyAttributes({}, changes.value));
  }

  #readComposite(request: IncomingRequest): OutgoingResponse {
    const paths = requestedPaths(request.contentFormat, request.payload);
    if (!paths.ok) return refusalResponse(paths.error);
    const format = request.accept ?? request.contentFormat;
    const attributes = this.#observeAttributes(undefined, request.observer ? request.query : []);
    if (!attributes.ok) return refusalResponse(attributes.error);
    const target = { paths: paths.value, composite: true, format, attributes: attributes.value };
    return request.observer ? this.#begin(target, request) : this.#answer(target);
  }

  #begin(target: ObservedTarget, { observer: offer }: IncomingRequest): OutgoingResponse {
    const response = this.#answer(target);
    if (!offer || !isSuccess(response.code) || this.observationCount >= this.#terminal.maximumObservations)
      return response;
    let observation: PathObservation | undefined;
    const observer = offer.accept(() => observation && this.#ended(observation));
    observation = new PathObservation(this.#source, observer, target);
    this.#observations = [...(this.#observations ?? []), observation];
    this.#terminal.observing(true, target.paths);
    this.#tellStored(target, observer);
    return response;
  }

  /** What was kept for a server that wants no Send, as soon as it observes again in a format that has times. */
  #tellStored({ paths, format }: ObservedTarget, observer: Observer): void {
    const { timers } = this.#terminal;
    if (!this.#stored || (format !== ContentFormat.SenmlCbor && format !== ContentFormat.SenmlJson)) return;
    timers.schedule(zeroDuration, () => {
      const values = observer.active ? this.#stored!.take(paths) : [];
      if (values.length === 0) return;
      const payload = encodePack(format, values);
      if (!payload.ok) return;
      this.#terminal.active();
      const response = { code: Code.Content, contentFormat: format, payload: payload.value };
      observer.notify(response, { confirmable: true });
      this.#terminal.notified(paths);
    });
  }

  readonly #mayRead = (instance: Lwm2mPath): boolean => this.#terminal.rights.has(AccessRight.Read, instance);

  /** What a Read of the target answers now. */
  #answer(target: ObservedTarget): OutgoingResponse {
    if (!target.composite) {
      // Rights may have gone since the observation began.
      const refusal = unauthorized(this.#terminal.tree, this.#terminal.rights, 'read', target.paths[0]!);
      return refusal ? refusalResponse(refusal) : this.#read(target.paths[0]!, target.format);
    }
    const found = readPaths(this.#terminal.tree, target.paths, this.#mayRead);
    return compositeResponse(found, target.format!);
  }

  #ended(observation: PathObservation): void {
    observation.close();
    const rest = this.#observations?.filter((other) => other !== observation);
    if (!rest || rest.length === this.#observations!.length) return;
    this.#observations = rest.length > 0 ? rest : undefined;
    this.#terminal.observing(false, observation.target.paths);
  }

  get #source(): ObservationSource & StoringTerminal {
    if (this.#observationSource) return this.#observationSource;
    const terminal = this.#terminal;
    const { clock, timers, tree } = terminal;
    this.#observationSource = {
      clock,
      timers,
      tree,
      get confirmable() {
        return terminal.confirmableNotifications;
      },
      read: (target) => this.#answer(target),
      value: (path) => tree.at(path)?.instance(path.objectId!, path.objectInstanceId!)?.value(path.resourceId!),
      attributes: (path, { attributes }) => {
        const attached = this.#attributes.effective(path);
        return attributes ? applyAttributes(attached, attributes) : attached;
      },
      periods: (attributes) => reportingPeriods(attributes, this.#terminal.defaultPeriods()),
      active: () => this.#terminal.active(),
      notified: (observation) => this.#terminal.notified(observation.target.paths),
      ended: (observation) => this.#ended(observation),
      storedChanged: () => this.#terminal.storedChanged(),
    };
    return this.#observationSource;
  }

  #write(path: Lwm2mPath, request: IncomingRequest): Answer {
    const { tree } = this.#terminal;
    const instance = findInstance(tree, path);
    if (!instance.ok) return refusalResponse(instance.error);
    const format = this.#writtenFormat(path, request);
    if (format === undefined) {
      return refusalResponse({
        code: Code.UnsupportedContentFormat,
        reason: 'the request does not say its Content-Format',
      });
    }
    const node = decodeContent(format, path, request.payload, tree, { exact: true });
    if (!node.ok) return refusalResponse(contentRefusal(node.error).error);
    const mode: WriteMode = request.method === Code.PUT ? 'replace' : 'update';
    return changed(writeNode(instance.value, path, node.value, mode));
  }

  /** RFC 7252 §5.5.1: without Content-Format the receiver may guess; for a single value there is not much to guess. */
  #writtenFormat(path: Lwm2mPath, request: IncomingRequest): number | undefined {
    if (request.contentFormat !== undefined) return request.contentFormat;
    const instance = findInstance(this.#terminal.tree, path);
    if (!instance.ok || path.resourceId === undefined) return undefined;
    const resource = findResource(instance.value, path);
    if (!resource.ok) return ContentFormat.Text;
    if (resource.value.multiple && path.resourceInstanceId === undefined) return undefined;
    return resource.value.type === 'opaque' ? ContentFormat.OctetStream : ContentFormat.Text;
  }

  #writeAttributes(path: Lwm2mPath, query: readonly string[]): OutgoingResponse {
    const written = writeAttributes(this.#terminal.tree, this.#attributes, path, query);
    if (!written.ok) return refusalResponse(written.error);
    this.replan();
    return { code: Code.Changed };
  }

  #create(path: Lwm2mPath, request: IncomingRequest): Answer {
    const format = request.contentFormat ?? ContentFormat.Lwm2mTlv;
    const { tree, rights } = this.#terminal;
    const own = (instance: Lwm2mPath) => rights.own(instance);
    return answerOf(createInstance(tree, path, request.payload, format, own), (instance) => ({
      code: Code.Created,
      locationPath: pathSegments(childPath(path, instance.id)),
    }));
  }
}

/**
 * What a request asks for (OMA-TS-LightweightM2M_Transport 1.1 §6.4.3). POST on a resource executes it, unless it says a
 * format that arguments do not come in: then it updates a resource with instances.
 */
function operationOf(request: IncomingRequest, path: Lwm2mPath): OperationName {
  const level = pathLevel(path);
  switch (request.method) {
    case Code.GET:
      if (request.cancelsObservation) return 'cancel-observation';
      if (request.accept === ContentFormat.LinkFormat) return 'discover';
      return request.observer ? 'observe' : 'read';
    case Code.PUT:
      return request.payload.length === 0 && request.query.length > 0 ? 'write-attributes' : 'write';
    case Code.POST:
      if (level === PathLevel.Object) return 'create';
      if (level !== PathLevel.Resource) return level === PathLevel.ObjectInstance ? 'write' : 'unknown';
      return request.contentFormat === undefined || request.contentFormat === ContentFormat.Text ? 'execute' : 'write';
    case Code.DELETE:
      return 'delete';
    case Code.FETCH:
      if (level !== PathLevel.Root || path.prefix !== undefined) return 'unknown';
      if (request.cancelsObservation) return 'cancel-observation';
      return request.observer ? 'observe-composite' : 'read-composite';
    case Code.iPATCH:
      return level === PathLevel.Root && path.prefix === undefined ? 'write-composite' : 'unknown';
    default:
      return 'unknown';
  }
}

function changed(outcome: Outcome<undefined>): Answer {
  return answerOf(outcome, () => ({ code: Code.Changed }));
}

function answerOf<T>(outcome: Outcome<T>, success: (value: T) => OutgoingResponse): Answer {
  return andThen(outcome, (result) => (result.ok ? success(result.value) : refusalResponse(result.error)));
}
