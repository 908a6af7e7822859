import { type CoapEndpoint, Code, describeCode, type IncomingRequest, type OutgoingResponse } from '@yaolian/coap';
import { encodeUtf8, milliseconds, type Result, success } from '@yaolian/kernel';
import type { ServerContext } from './context.ts';
import { claimantOf, type Enrolled, type EnrolmentRefusal, type EnrolmentRequest } from './enrolment.ts';
import type { RefusedRequest } from './events.ts';
import { formatLocation, LocationForm, type LocationTarget, parseLocation, registrationPath } from './location.ts';
import { mergeLinks } from './profiles.ts';
import { notAllowed, type Refusal, refusalResponse, refuse } from './refusal.ts';
import { RefusalMemory } from './refusal-memory.ts';
import type { RegisteredClient } from './registered-client.ts';
import type { Registration } from './registration.ts';
import { notRegistered, type RegistrationChanges, type RequestSource } from './registration-changes.ts';
import {
  decodeRegister,
  decodeUpdate,
  type RegisterRequest,
  type RequestRules,
  type UpdateRequest,
} from './registration-requests.ts';
import type { Enrolment } from './registration-values.ts';
import { RequestCounters } from './request-counters.ts';

type Answer = OutgoingResponse | Promise<OutgoingResponse>;

/**
 * Answers Register (`POST /rd`), Update (`POST` to the location) and De-register (`DELETE` of it):
 * OMA-TS-LightweightM2M 1.0 §5.3 and §8.2.3, 1.1 core §6.2 and transport §6.4.3; the codes are those of China Mobile profile A too.
 */
export class RegistrationInterface {
  readonly #context: ServerContext;
  readonly #changes: RegistrationChanges;
  readonly #refusals: RefusalMemory;
  readonly #counters: RequestCounters;
  readonly #rules: RequestRules;
  /** Requests that are not answered yet. */
  #working = 0;
  #onIdle: (() => void) | undefined;

  constructor(context: ServerContext, changes: RegistrationChanges) {
    const { limits, behaviour, links, clock, meter } = context;
    this.#context = context;
    this.#changes = changes;
    this.#counters = new RequestCounters(meter);
    this.#refusals = new RefusalMemory({
      clock,
      allowed: behaviour.refusalsAllowed,
      window: behaviour.refusalWindow,
      maximumRemembered: limits.maximumRememberedRefusals,
    });
    const { lwm2mVersions, objectLinksRequired } = behaviour;
    this.#rules = { limits, links, lwm2mVersions, objectLinksRequired };
  }

  handle(request: IncomingRequest, endpoint: CoapEndpoint): Answer | undefined {
    const answer = this.#answer(request, endpoint);
    if (answer instanceof Promise) this.#watch(answer);
    return answer;
  }

  /** Resolves when no request is being worked on. */
  async idle(): Promise<void> {
    if (this.#working === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #watch(answer: Promise<OutgoingResponse>): void {
    const done = () => {
      if (--this.#working === 0) this.#onIdle?.();
    };
    this.#working++;
    answer.then(done, done);
  }

  #answer(request: IncomingRequest, endpoint: CoapEndpoint): Answer | undefined {
    // LwM2M has no registration by multicast; RFC 7252 §8.2: silence.
    if (request.multicast) return undefined;
    const { path, method } = request;
    const source = { request, endpoint };
    // Some terminals end the path with a slash, which is an empty segment.
    if (path[0] === registrationPath && (path.length === 1 || (path.length === 2 && path[1] === ''))) {
      return method === Code.POST ? this.#register(source) : registersOnly;
    }
    const targets = parseLocation(this.#context.behaviour.location, path);
    if (targets.length === 0) return noLocation;
    if (method === Code.POST) return this.#update(source, targets);
    return method === Code.DELETE ? this.#deregister(source, targets) : updatesOnly;
  }

  /** Where the terminal of a registration sends Updates and De-registers. */
  locationOf(registration: Registration): readonly string[] {
    return formatLocation(this.#context.behaviour.location, registration, this.#versionOf(registration));
  }

  async #register(source: RequestSource): Promise<OutgoingResponse> {
    const decoded = decodeRegister(source.request, this.#rules);
    if (!decoded.ok) return this.#refuse('register', source, decoded.error, endpointIn(source.request));
    const { endpoint } = decoded.value;
    const request = decoded.value.profileIds.length > 0 ? await this.#withProfiles(decoded.value) : decoded;
    if (!request.ok) return this.#refuse('register', source, request.error, endpoint);
    const judged = this.#enrol(request.value, source);
    const enrolment = judged instanceof Promise ? await judged : judged;
    if (!enrolment.ok) return this.#refuse('register', source, enrolment.error, endpoint);
    const registered = await this.#changes.register(request.value, enrolment.value, source);
    if (!registered.ok) return this.#refuse('register', source, registered.error, endpoint);
    this.#counters.count('register', 'done');
    return { code: Code.Created, locationPath: this.locationOf(registered.value) };
  }

  /**
   * The request with the object list that its Profile IDs stand for (OMA-TS-LightweightM2M_Core 1.2 §6.2.1). An ID that is not
   * known is learned when the list is there too; otherwise 4.09 asks for it.
   */
  async #withProfiles<R extends RegisterRequest | UpdateRequest>(request: R): Promise<Result<R, Refusal>> {
    const { profiles, links, clock, log } = this.#context;
    const given = request.links?.text ?? '';
    const lists = [given];
    for (const id of request.profileIds) {
      const known = profiles.get(id);
      if (!known && given === '') {
        return refuse(Code.Conflict, 'profile-unknown', `profile ${id} is not known; send the object list`);
      }
      if (known && known.objectLinks !== given) lists.push(known.objectLinks);
      if (known) continue;
      try {
        await profiles.learn({ id, objectLinks: given, learnedAt: clock.epoch() });
      } catch (error) {
        log.error('a profile was not stored', { profile: id, error });
      }
    }
    const merged = mergeLinks(links, lists);
    if (merged.ok) return success({ ...request, links: merged.value });
    return refuse(Code.BadRequest, 'links-malformed', merged.error.message);
  }

  /** A promise only where the profile needs one. */
  #enrol(
    request: RegisterRequest,
    source: RequestSource,
  ): Result<Enrolment, Refusal> | Promise<Result<Enrolment, Refusal>> {
    const { endpoint } = request;
    const asked = this.#asked(endpoint, source);
    const wait = this.#refusals.waitOf(claimantOf(endpoint, asked.identity));
    if (wait !== undefined) {
      // RFC 8516 §3: 4.29 says with Max-Age when to come again.
      return refuse(Code.TooManyRequests, 'insisting', 'refused before; wait', milliseconds(Math.ceil(wait)));
    }
    try {
      const judged = this.#context.profile.enrol(asked);
      if (!(judged instanceof Promise)) return this.#judged(judged, asked);
      return judged.then(
        (result) => this.#judged(result, asked),
        (error: unknown) => this.#enrolmentFailed(endpoint, error),
      );
    } catch (error) {
      return this.#enrolmentFailed(endpoint, error);
    }
  }

  #asked(endpoint: string, source: RequestSource): EnrolmentRequest {
    const { address, identity } = source.request.peer;
    const time = this.#context.clock.epoch();
    return identity === undefined ? { endpoint, address, time } : { endpoint, address, identity, time };
  }

  /** Whether the peer may change what `client` registered; undefined where there is nothing to judge. */
  #permission(client: RegisteredClient, source: RequestSource): Promise<Result<void, Refusal>> | undefined {
    const { key } = source.request.peer;
    const isSame = !client.displaced && key === client.peer.key && source.endpoint === client.endpoint;
    const isJudged = !isSame && this.#context.profile.mayChange !== undefined;
    return isJudged ? this.#mayChange(client.registration.endpoint, source) : undefined;
  }

  async #mayChange(endpoint: string, source: RequestSource): Promise<Result<void, Refusal>> {
    try {
      const judged = await this.#context.profile.mayChange!(this.#asked(endpoint, source));
      return judged.ok ? success(undefined) : refuse(judged.error.code, 'enrolment', judged.error.reason);
    } catch (error) {
      return this.#enrolmentFailed(endpoint, error);
    }
  }

  #judged(result: Result<Enrolled, EnrolmentRefusal>, asked: EnrolmentRequest): Result<Enrolment, Refusal> {
    const claimant = claimantOf(asked.endpoint, asked.identity);
    if (result.ok) {
      this.#refusals.forget(claimant);
      return success({ ...asked, deviceKey: result.value.deviceKey });
    }
    this.#refusals.note(claimant);
    return refuse(result.error.code, 'enrolment', result.error.reason);
  }

  #enrolmentFailed(endpoint: string, error: unknown): Result<never, Refusal> {
    this.#context.log.error('enrolment failed', { endpoint, error });
    return refuse(Code.InternalServerError, 'enrolment-failed', 'the terminal could not be checked');
  }

  async #update(source: RequestSource, targets: readonly LocationTarget[]): Promise<OutgoingResponse> {
    const client = this.#find(targets);
    if (!client) return this.#refuse('update', source, notRegistered.error, undefined);
    const { registration } = client;
    const { id, endpoint, deviceKey } = registration;
    const decoded = decodeUpdate(source.request, registration, this.#rules);
    if (!decoded.ok) return this.#refuse('update', source, decoded.error, endpoint);
    const judged = this.#context.profile.judgeUpdate?.({ endpoint, deviceKey, parameters: decoded.value.others });
    if (judged) {
      const refusal = { code: judged.code, reason: 'enrolment', message: judged.reason };
      return this.#refuse('update', source, refusal, endpoint);
    }
    const request = decoded.value.profileIds.length > 0 ? await this.#withProfiles(decoded.value) : decoded;
    if (!request.ok) return this.#refuse('update', source, request.error, endpoint);
    const permission = this.#permission(client, source);
    const permitted = permission && (await permission);
    if (permitted?.ok === false) return this.#refuse('update', source, permitted.error, endpoint);
    const updated = await this.#changes.update(request.value, client, id, source);
    if (!updated.ok) return this.#refuse('update', source, updated.error, endpoint);
    this.#counters.count('update', 'done');
    return changed;
  }

  async #deregister(source: RequestSource, targets: readonly LocationTarget[]): Promise<OutgoingResponse> {
    const client = this.#find(targets);
    if (!client) return this.#refuse('deregister', source, notRegistered.error, undefined);
    const { id, endpoint } = client.registration;
    const permission = this.#permission(client, source);
    const permitted = permission && (await permission);
    if (permitted?.ok === false) return this.#refuse('deregister', source, permitted.error, endpoint);
    const removed = await this.#changes.deregister(client, id);
    if (!removed.ok) return this.#refuse('deregister', source, removed.error, endpoint);
    this.#counters.count('deregister', 'done');
    return deleted;
  }

  #find(targets: readonly LocationTarget[]): RegisteredClient | undefined {
    for (const target of targets) {
      const client = this.#context.table.at(target, ({ registration }) => this.#versionOf(registration));
      if (client) return client;
    }
    return undefined;
  }

  #versionOf(registration: Registration): string {
    if (this.#context.behaviour.location !== LocationForm.DeviceKeyVersion) return '';
    return this.#context.profile.versionOf?.(registration.endpoint) ?? '1.0';
  }

  #refuse(
    request: RefusedRequest,
    source: RequestSource,
    refusal: Refusal,
    endpoint: string | undefined,
  ): OutgoingResponse {
    const { code, reason, message } = refusal;
    const { address } = source.request.peer;
    this.#counters.count(request, reason);
    this.#context.log.debug('request refused', { request, address: address.key, code: describeCode(code), reason });
    const time = this.#context.clock.epoch();
    this.#context.events.push({ type: 'refused', time, request, address, endpoint, code, reason, message });
    return refusalResponse(refusal);
  }
}

/** RFC 7252 §5.9.1: bare codes, the same objects for everybody. */
const changed: OutgoingResponse = Object.freeze({ code: Code.Changed });
const deleted: OutgoingResponse = Object.freeze({ code: Code.Deleted });

const registersOnly = notAllowed('terminals register here, with POST; what is registered is not read');
const updatesOnly = notAllowed('a registration is updated with POST and ended with DELETE, and not read');
const noLocation: OutgoingResponse = {
  code: Code.NotFound,
  payload: encodeUtf8('no location that we gave; register again'),
};

/** The endpoint name of a request that could not be read as a whole, for the log. */
function endpointIn(request: IncomingRequest): string | undefined {
  for (const parameter of request.query) if (parameter.startsWith('ep=')) return parameter.slice(3, 259);
  return undefined;
}
