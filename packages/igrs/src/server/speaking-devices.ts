import { type Duration, failure, type Result, seconds, success, type Timers } from '@yaolian/kernel';
import {
  type BoundClient,
  element,
  type ImModule,
  type ImServer,
  type IqAnswer,
  IqRequests,
  namespaces,
  type StanzaErrorCondition,
  stanzaErrorTypes,
  type XmlElement,
} from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import type { RaRefusal } from '../wire/answer.ts';
import { type DataAnswer, type DataRequest, decodeDataAnswer, encodeDataRequest } from '../wire/data.ts';
import { type DeviceDescription, decodeDeviceDescription } from '../wire/device-description.ts';

/** What devices that speak for themselves do. Must not throw. */
export interface SpeakingDevicesListener {
  /** The first session of an account is available. */
  onPresent(account: string, address: string | undefined): void;
  /** Its last session is over, or says that it is not available. */
  onGone(account: string): void;
  /** It told values that are observed. */
  onValues(account: string, answer: DataAnswer): void;
}

export interface SpeakingDevicesOptions {
  readonly im: ImServer;
  readonly timers: Timers;
  readonly listener: SpeakingDevicesListener;
  /** Whether the account is of a device that speaks for itself. */
  readonly isDevice: (account: string) => boolean;
  /** How long a device has for an answer. Default 20 s. */
  readonly timeout?: Duration;
  /** Requests of all devices that wait. Default 10,000. */
  readonly maximumRequests?: number;
}

/**
 * Devices that speak RA themselves, as the domain asks them (GB/T 29265.205 §11.4): the platform puts the questions, so that permissions,
 * observers and the audit are the same for every device, and operators are served too.
 */
export class SpeakingDevices {
  readonly #options: SpeakingDevicesOptions;
  readonly #requests: IqRequests;
  #ids = 0;

  constructor(options: SpeakingDevicesOptions) {
    this.#options = options;
    this.#requests = new IqRequests(options.timers, options.maximumRequests ?? 10_000);
  }

  module(): ImModule {
    const { isDevice, im, listener } = this.#options;
    return {
      name: 'GB/T 29265.205 devices',
      presenceChanged: ({ account, session, isAvailable }) => {
        if (!isDevice(account)) return;
        // §13: whether a device is there is known at once. A session that waits to be resumed is there for minutes, and answers nothing.
        if (isAvailable) session.endWhenCut?.();
        const others = im.clients.available(account).filter((other) => other.session !== session);
        if (others.length > 0) return;
        if (isAvailable) listener.onPresent(account, session.address);
        else listener.onGone(account);
      },
      toServer: (client, stanza) => isDevice(client.account) && this.#heard(client, stanza),
    };
  }

  /** Asks a device in the name of the domain. */
  async ask(account: string, request: DataRequest, signal?: AbortSignal): Promise<Result<DataAnswer, RaRefusal>> {
    const type = request.kind === 'read' ? 'get' : 'set';
    const asked = await this.#ask(account, type, encodeDataRequest(request), signal);
    if (!asked.ok) return asked;
    const answer = decodeDataAnswer(asked.value);
    const isFit =
      request.kind === 'read' || request.kind === 'observe' ? answer?.kind === 'values' : answer !== undefined;
    return isFit ? success(answer!) : failure({ condition: 'undefined-condition', text: 'the answer cannot be read' });
  }

  /** What the device says it is; undefined when it says nothing. */
  async describe(account: string, signal?: AbortSignal): Promise<DeviceDescription | undefined> {
    const asked = await this.#ask(account, 'get', element('device', raNamespaces.device), signal);
    return asked.ok ? decodeDeviceDescription(asked.value) : undefined;
  }

  /** Nobody is asked any more. */
  close(): void {
    this.#requests.fail(new Error('the server is closing'));
  }

  async #ask(
    account: string,
    type: 'get' | 'set',
    payload: XmlElement,
    signal: AbortSignal | undefined,
  ): Promise<Result<XmlElement | undefined, RaRefusal>> {
    const { im, timeout = seconds(20) } = this.#options;
    const [client] = im.clients.available(account);
    if (client === undefined) return failure({ condition: 'recipient-unavailable' });
    const id = `ra-${(++this.#ids).toString(36)}`;
    const to = client.jid.toString();
    // Before the request leaves: a session in this process answers at once.
    const answered = this.#requests.wait(id, to, timeout, signal);
    const iq = element('iq', namespaces.client, { type, id, from: im.domain, to }, payload);
    if (!client.session.deliver(iq)) {
      answered.catch(() => {}); // it is not waited for
      return failure({ condition: 'recipient-unavailable' });
    }
    try {
      return outcomeOf(await answered);
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      if (code === 'XMPP_TIMEOUT') return failure({ condition: 'remote-server-timeout' });
      if (error instanceof RangeError) return failure({ condition: 'resource-constraint', text: error.message });
      return failure({ condition: 'recipient-unavailable' });
    }
  }

  #heard(client: BoundClient, stanza: XmlElement): boolean {
    if (stanza.name === 'iq') return this.#requests.answer(stanza.with({ from: client.jid.toString() }), []);
    const [payload] = stanza.elements();
    const answer = payload?.is('values', raNamespaces.data) ? decodeDataAnswer(payload) : undefined;
    if (answer?.kind !== 'values') return false;
    this.#options.listener.onValues(client.account, answer);
    return true;
  }
}

function outcomeOf(answer: IqAnswer): Result<XmlElement | undefined, RaRefusal> {
  if (answer.kind === 'result') return success(answer.payload);
  const condition =
    answer.condition in stanzaErrorTypes ? (answer.condition as StanzaErrorCondition) : 'undefined-condition';
  return failure({ condition, ...(answer.text === undefined ? {} : { text: answer.text }) });
}
