import {
  type CoapEndpoint,
  Code,
  ContentFormat,
  type IncomingResponse,
  isSuccess,
  type OutgoingRequest,
} from '@yaolian/coap';
import { type Duration, decodeUtf8, hasCode, type Peer, YaolianError } from '@yaolian/kernel';
import { contentCodec, decodeDiscover, encodeContent } from '../formats/index.ts';
import type { ObjectModel } from '../model.ts';
import { type Lwm2mNode, type ResourceInstanceNode, resourceInstance, type SingleResourceNode } from '../node.ts';
import { childPath, type Lwm2mPath, pathSegments, rootPath } from '../path.ts';
import { decodeAnswer } from '../server/answer-content.ts';
import { legacyTlvFormat } from '../server/legacy-formats.ts';
import type { BootstrapOperation, BootstrapOutcome, BootstrapStep } from './events.ts';
import type { BootstrapPlan, PlannedWrite } from './plan.ts';

export interface SessionOptions {
  readonly endpoint: CoapEndpoint;
  readonly peer: Peer;
  readonly plan: BootstrapPlan;
  readonly model: ObjectModel;
  /** The terminal's `pct`: the Content-Format that it likes best (OMA-TS-LightweightM2M_Transport 1.1 §6.4.2). */
  readonly preferredFormat: number | undefined;
  /** How long one request may take. */
  readonly stepTimeout: Duration;
  readonly onStep: (step: BootstrapStep) => void;
}

/** Refusals of a write after which another form of it may be taken. */
const formRefusals: ReadonlySet<number> = new Set([
  Code.UnsupportedContentFormat,
  Code.NotAcceptable,
  Code.InternalServerError,
  Code.BadRequest,
]);

type Form = { readonly contentFormat: number } | 'resource-by-resource';

type SingleValueNode = SingleResourceNode | ResourceInstanceNode;

interface Asked {
  readonly operation: BootstrapOperation;
  readonly path: Lwm2mPath;
  readonly contentFormat?: number;
}

/**
 * Tells one terminal its configuration (OMA-TS-LightweightM2M 1.0 §5.2, §8.2.2; 1.1 core §6.1): Delete, Discover, Read, Write,
 * Discover again, Finish, in this order. A terminal that refuses a step is told the rest all the same; one that does not answer is given up.
 */
export class BootstrapSession {
  readonly steps: BootstrapStep[] = [];
  readonly #options: SessionOptions;
  readonly #abortion = new AbortController();
  /** Why it was ended from outside. */
  #ended: 'restarted' | 'closed' | undefined;
  /** The form of writes that the terminal took last. */
  #form: Form | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Ends it without another word to the terminal. */
  end(why: 'restarted' | 'closed'): void {
    this.#ended ??= why;
    this.#abortion.abort();
  }

  /** Never rejects. */
  async run(): Promise<BootstrapOutcome> {
    try {
      return await this.#run();
    } catch (error) {
      if (this.#ended) return this.#ended;
      if (error instanceof Unreachable) return 'lost';
      throw error;
    }
  }

  async #run(): Promise<BootstrapOutcome> {
    const { plan } = this.#options;
    for (const path of plan.deletes) await this.#ask({ operation: 'delete', path }, { method: Code.DELETE });
    for (const path of plan.discovers) await this.#discover(path);
    for (const path of plan.reads) await this.#read(path);
    for (const write of plan.writes) await this.#write(write);
    for (const path of plan.discoversAfter) await this.#discover(path);
    const finish = await this.#ask({ operation: 'finish', path: rootPath }, { method: Code.POST, path: ['bs'] });
    if (!finish || !isSuccess(finish.code)) {
      // OMA-TS-LightweightM2M_Core 1.1 §6.1.7: 4.06 says that the configuration is not consistent.
      return finish?.code === Code.NotAcceptable ? 'inconsistent' : 'refused';
    }
    return this.steps.some(({ outcome }) => outcome === 'refused' || outcome === 'failed') ? 'incomplete' : 'succeeded';
  }

  async #discover(path: Lwm2mPath): Promise<void> {
    const request = { method: Code.GET, accept: ContentFormat.LinkFormat };
    await this.#ask({ operation: 'discover', path }, request, (response) => {
      const links = decodeDiscover(response.payload);
      return links.ok ? { links: links.value } : { detail: links.error.message };
    });
  }

  async #read(path: Lwm2mPath): Promise<void> {
    const request = { method: Code.GET, accept: this.#valueFormat() };
    await this.#ask({ operation: 'read', path }, request, (response) => {
      const decoded = decodeAnswer(response.contentFormat, path, response.payload, this.#options.model);
      return decoded.ok ? { node: decoded.value.at(-1)!.node } : { detail: decoded.error.message };
    });
  }

  #valueFormat(): number {
    const { preferredFormat } = this.#options;
    const isUsable = preferredFormat !== undefined && preferredFormat > ContentFormat.OctetStream;
    return isUsable && contentCodec(preferredFormat) ? preferredFormat : ContentFormat.Lwm2mTlv;
  }

  /** One form after the other until the terminal takes one; the last refusal counts. */
  async #write(write: PlannedWrite): Promise<void> {
    const forms = this.#forms();
    for (const [index, form] of forms.entries()) {
      const isLast = index === forms.length - 1;
      const isTaken =
        form === 'resource-by-resource'
          ? await this.#writeEach(write)
          : await this.#writeWhole(write, form.contentFormat, isLast);
      if (isTaken === 'taken') this.#form = form;
      if (isTaken !== 'another form') return;
    }
  }

  #forms(): readonly Form[] {
    const formats = new Set([this.#valueFormat(), ContentFormat.Lwm2mTlv, legacyTlvFormat]);
    const forms: Form[] = [...[...formats].map((contentFormat) => ({ contentFormat })), 'resource-by-resource'];
    // What it took before comes first; what it did not take then is not tried again before it.
    const known = this.#form && forms.findIndex((form) => formOf(form) === formOf(this.#form!));
    return known === undefined || known < 0 ? forms : [...forms.slice(known), ...forms.slice(0, known)];
  }

  async #writeWhole(
    { path, node }: PlannedWrite,
    contentFormat: number,
    isLast: boolean,
  ): Promise<'taken' | 'not taken' | 'another form'> {
    const payload = encodeContent(contentFormat, path, node);
    if (!payload.ok) return 'another form';
    const asked = { operation: 'write', path, contentFormat } as const;
    const mayRetry = (response: IncomingResponse) => !isLast && formRefusals.has(response.code);
    const request = { method: Code.PUT, contentFormat, payload: payload.value };
    const response = await this.#ask(asked, request, undefined, mayRetry);
    if (!response) return 'not taken';
    if (isSuccess(response.code)) return 'taken';
    return mayRetry(response) ? 'another form' : 'not taken';
  }

  /** One text/plain write per resource; bytes as they are. */
  async #writeEach({ path, node }: PlannedWrite): Promise<'taken' | 'not taken'> {
    let taken = true;
    for (const part of singleValues(path, node)) {
      const contentFormat = part.node.type === 'opaque' ? ContentFormat.OctetStream : ContentFormat.Text;
      const payload = encodeContent(contentFormat, part.path, part.node);
      const asked = { operation: 'write', path: part.path, contentFormat } as const;
      if (!payload.ok) {
        this.#note({ ...withFormat(asked), outcome: 'failed', code: undefined, detail: payload.error.message });
        taken = false;
        continue;
      }
      const response = await this.#ask(asked, { method: Code.PUT, contentFormat, payload: payload.value });
      taken &&= response !== undefined && isSuccess(response.code);
    }
    return taken ? 'taken' : 'not taken';
  }

  /**
   * One request, noted as a step.
   * @returns undefined when it was rejected without an answer
   * @throws Unreachable when the terminal does not answer, and what ended the session
   */
  async #ask(
    asked: Asked,
    request: Omit<OutgoingRequest, 'path'> & { readonly path?: readonly string[] },
    read: (response: IncomingResponse) => Found = () => ({}),
    mayRetry: (response: IncomingResponse) => boolean = () => false,
  ): Promise<IncomingResponse | undefined> {
    const { endpoint, peer, stepTimeout } = this.#options;
    const control = { signal: this.#abortion.signal, timeout: stepTimeout };
    let response: IncomingResponse;
    try {
      response = await endpoint.request(peer, { path: pathSegments(asked.path), ...request }, control);
    } catch (error) {
      return this.#notAnswered(asked, error);
    }
    const { code } = response;
    if (!isSuccess(code)) {
      const detail = decodeUtf8(response.payload.subarray(0, 1_024)) ?? '';
      this.#note({ ...withFormat(asked), outcome: mayRetry(response) ? 'retried' : 'refused', code, detail });
      return response;
    }
    const found = read(response);
    const outcome = found.detail === undefined ? 'done' : 'failed';
    this.#note({ ...withFormat(asked), outcome, code, detail: '', ...found });
    return response;
  }

  #notAnswered(asked: Asked, error: unknown): undefined {
    if (this.#ended || !(error instanceof YaolianError)) throw error;
    // A Reset is an answer of sorts: the terminal has no use for this step, perhaps for the next.
    const outcome = hasCode(error, 'COAP_RESET') ? 'refused' : 'failed';
    this.#note({ ...withFormat(asked), outcome, code: undefined, detail: error.code });
    if (hasCode(error, 'COAP_CLOSED')) this.#ended = 'closed';
    if (hasCode(error, 'COAP_TIMEOUT') || this.#ended) throw new Unreachable(error.message, { cause: error });
    return undefined;
  }

  #note(step: BootstrapStep): void {
    this.steps.push(step);
    this.#options.onStep(step);
  }
}

/** What a successful answer holds, or why it could not be read. */
type Found = Pick<Partial<BootstrapStep>, 'links' | 'node' | 'detail'>;

class Unreachable extends Error {}

function withFormat(asked: Asked) {
  const { operation, path, contentFormat } = asked;
  return { operation, path, contentFormat };
}

function formOf(form: Form): number | string {
  return typeof form === 'string' ? form : form.contentFormat;
}

/** The values of a node one by one, each as a Write of one resource or resource instance carries it. */
function* singleValues(path: Lwm2mPath, node: Lwm2mNode): Generator<{ path: Lwm2mPath; node: SingleValueNode }> {
  switch (node.kind) {
    case 'object':
      for (const instance of node.instances.values()) yield* singleValues(childPath(path, instance.id), instance);
      return;
    case 'object-instance':
      for (const resource of node.resources.values()) yield* singleValues(childPath(path, resource.id), resource);
      return;
    case 'multiple-resource':
      for (const [id, value] of node.values) {
        yield { path: childPath(path, id), node: resourceInstance(id, node.type, value) };
      }
      return;
    default:
      yield { path, node };
  }
}
