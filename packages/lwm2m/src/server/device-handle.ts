import { success } from '@yaolian/kernel';
import type { ResourceReference } from '@yaolian/lwm2m-objects/core-references';
import { objectAt } from '../model.ts';
import type { Lwm2mNode } from '../node.ts';
import { behindGateway, equalPaths, formatPath, isId, isPrefix, type Lwm2mPath } from '../path.ts';
import { contentOfNode, nodeOfContent, type ResourceContent, type ResourceInput } from '../typed-resource.ts';
import { lwm2mErrors } from './errors.ts';
import type { NotificationEvent } from './events.ts';
import type { ExecuteArgument } from './execute-arguments.ts';
import type { Lwm2mServer } from './lwm2m-server.ts';
import type {
  Answer,
  ClientReference,
  Done,
  ObserveAnswer,
  OperationOptions,
  ReadAnswer,
  ReadOptions,
  WriteOptions,
} from './operation-types.ts';

/** A Read's answer with the value as the compiler knows it. */
export interface TypedReadAnswer<R extends ResourceReference> extends ReadAnswer {
  readonly value: ResourceContent<R>;
}

/** An Observe's answer: the first value, and how to end it. */
export interface TypedObserveAnswer<R extends ResourceReference> extends ObserveAnswer {
  readonly value: ResourceContent<R>;
  /** Tells the client, and the listener hears no more. Undefined when nothing was observed any more. */
  stop(): Promise<Answer<Done> | undefined>;
}

interface Addressed {
  readonly path: Lwm2mPath;
}

interface Readable<R extends ResourceReference> {
  /** @throws YaolianError LWM2M_ANSWER_MALFORMED when the answer is not of the resource's type; see {@link Lwm2mServer.read} */
  read(options?: ReadOptions): Promise<Answer<TypedReadAnswer<R>>>;
  /**
   * @param listener called with every notification's value, until `stop`; a value of another type than the resource's is passed over
   * @throws YaolianError as {@link Readable.read}
   */
  observe(
    listener: (value: ResourceContent<R>, event: NotificationEvent) => void,
    options?: ReadOptions,
  ): Promise<Answer<TypedObserveAnswer<R>>>;
}

interface Writable<R extends ResourceReference> {
  /** Replaces what is there. @throws TypeError when the value does not fit; YaolianError, see {@link Lwm2mServer.write} */
  write(value: ResourceInput<R>, options?: WriteOptions): Promise<Answer<Done>>;
}

interface Executable {
  execute(args?: string | readonly ExecuteArgument[], options?: OperationOptions): Promise<Answer<Done>>;
}

type ByOperation<R extends ResourceReference, O> = (O extends 'R' | 'RW' ? Readable<R> : unknown) &
  (O extends 'W' | 'RW' ? Writable<R> : unknown) &
  (O extends 'E' ? Executable : unknown);

/** A resource of one client, with the operations that its definition allows. */
export type ResourceHandle<R extends ResourceReference> = Addressed & ByOperation<R, R['operations']>;

/**
 * One client of a server, for typed access to its resources:
 *
 *     const device = server.device('urn:imei:861111003929110');
 *     const answer = await device.resource(Temperature.SensorValue).read();
 *     if (answer.ok) console.log(answer.value.value.toFixed(1)); // a number
 */
export class DeviceHandle {
  readonly client: ClientReference;
  readonly #server: Lwm2mServer;
  readonly #prefix: string | undefined;

  /** @param prefix of a device behind the client, which is a gateway */
  constructor(server: Lwm2mServer, client: ClientReference, prefix?: string) {
    this.#server = server;
    this.client = client;
    this.#prefix = prefix;
  }

  /**
   * A device behind the client, which is an LwM2M Gateway: `server.device('gateway').behind('d01').resource(Temperature.SensorValue)`.
   * @throws RangeError when it is no prefix
   */
  behind(prefix: string): DeviceHandle {
    if (!isPrefix(prefix)) throw new RangeError(`"${prefix}" is no prefix of a device behind a gateway`);
    return new DeviceHandle(this.#server, this.client, prefix);
  }

  get registered(): boolean {
    return this.#server.registration(this.client) !== undefined;
  }

  /**
   * @param reference one of `@yaolian/lwm2m-objects/references`, or of an object of one's own: `valve.named.opening`
   * @param instanceId the object instance; default 0
   * @throws RangeError when the instance id is none
   */
  resource<R extends ResourceReference>(reference: R, instanceId = 0): ResourceHandle<R> {
    if (!isId(instanceId)) throw new RangeError(`an object instance id is 0 to 65534, not ${instanceId}`);
    const path = { objectId: reference.objectId, objectInstanceId: instanceId, resourceId: reference.id };
    const place = behindGateway(this.#prefix, path);
    return new AnyResource(this.#server, this.client, reference, place) as unknown as ResourceHandle<R>;
  }
}

/** All operations; the type shows those that the resource has. */
class AnyResource<R extends ResourceReference> implements Readable<R>, Writable<R>, Executable {
  readonly path: Lwm2mPath;
  readonly #server: Lwm2mServer;
  readonly #client: ClientReference;
  readonly #reference: R;

  constructor(server: Lwm2mServer, client: ClientReference, reference: R, path: Lwm2mPath) {
    this.#server = server;
    this.#client = client;
    this.#reference = reference;
    this.path = path;
  }

  async read(options?: ReadOptions): Promise<Answer<TypedReadAnswer<R>>> {
    const answer = await this.#server.read(this.#client, this.path, options);
    return answer.ok ? success({ ...answer.value, value: this.#content(answer.value.node) }) : answer;
  }

  async observe(
    listener: (value: ResourceContent<R>, event: NotificationEvent) => void,
    options?: ReadOptions,
  ): Promise<Answer<TypedObserveAnswer<R>>> {
    const server = this.#server;
    const deviceKey = server.registration(this.#client)?.deviceKey;
    // Listens before it asks: the first notification may come at once.
    const unlisten = server.events.on('notification', (event) => {
      if (event.registration.deviceKey !== deviceKey || !equalPaths(event.path, this.path)) return;
      const value = contentOfNode(this.#reference, event.node);
      if (value !== undefined) listener(value, event);
    });
    try {
      const answer = await server.observe(this.#client, this.path, options);
      if (!answer.ok) {
        unlisten();
        return answer;
      }
      const stop = () => {
        unlisten();
        return server.cancelObservation(this.#client, this.path);
      };
      return success({ ...answer.value, value: this.#content(answer.value.node), stop });
    } catch (error) {
      unlisten();
      throw error;
    }
  }

  async write(value: ResourceInput<R>, options?: WriteOptions): Promise<Answer<Done>> {
    return this.#server.write(this.#client, this.path, nodeOfContent(this.#reference, value), options);
  }

  execute(args?: string | readonly ExecuteArgument[], options?: OperationOptions): Promise<Answer<Done>> {
    return this.#server.execute(this.#client, this.path, args, options);
  }

  #content(node: Lwm2mNode): ResourceContent<R> {
    const content = contentOfNode(this.#reference, node);
    if (content !== undefined) return content;
    const { name, type, multiple, objectId } = this.#reference;
    const wanted = multiple ? `resource instances of type ${type}` : `one value of type ${type}`;
    // Without its definition a value of TLV is but bytes.
    const model = this.#server.modelOf(this.#client);
    const isKnown = model === undefined || objectAt(model, this.path) !== undefined;
    const why = isKnown ? '' : `, which the server cannot tell: its model has no object ${objectId}`;
    throw lwm2mErrors.LWM2M_ANSWER_MALFORMED(formatPath(this.path), `${name} is ${wanted}${why}`);
  }
}
