import { Code, type IncomingResponse, isSuccess, type OutgoingRequest } from '@yaolian/coap';
import { type Duration, milliseconds, seconds, type Timer } from '@yaolian/kernel';
import { accessOf, nextWay, numberOf, Server, type ServerAccount } from './accounts.ts';
import { CertificateRenewal } from './certificate-renewal.ts';
import type { Connection } from './connection.ts';
import type { FailureReason, ServerName } from './events.ts';
import { requestFailure, responseFailure } from './failure.ts';
import type { RegistrationHost } from './registration-host.ts';
import { type RegistrationParameters, registerRequest, updateRequest } from './registration-request.ts';
import type { Route } from './request-routes.ts';
import { retryDelay, serverRetryPolicy } from './retry.ts';

/** A request of ours. */
type Exchange = 'register' | 'update' | 'renew' | 'deregister';

const never = Number.POSITIVE_INFINITY;

export type SessionState = 'off' | 'registering' | 'registered' | 'waiting' | 'disabled';

interface Registered {
  readonly location: readonly string[];
  readonly parameters: RegistrationParameters;
}

/** The longest delay that platforms' timers take at a stretch. */
const longestWait = 86_400_000;

/**
 * Keeps a terminal registered with one server (OMA-TS-LightweightM2M_Core 1.1 §6.2): Register, Update in time, Register
 * again when the server forgot us, De-register at the end. One thing at a time; between them there is one timer and no promise.
 */
export class RegistrationSession {
  #account: ServerAccount;
  #renewal: CertificateRenewal | undefined;
  readonly #host: RegistrationHost;
  #wanted = false;
  #registered: Registered | undefined;
  #connection: Connection | undefined;
  #route: Route | undefined;
  #running: Promise<void> | undefined;
  #inFlight: { readonly what: Exchange; readonly abort: AbortController } | undefined;
  #timer: Timer | undefined;
  #failures = 0;
  /** All attempts failed, at least once, since it was started or registered. */
  #exhausted = false;
  /** Monotonic milliseconds before which nothing is tried. */
  #notBefore = 0;
  #updateAt = never;
  #linksChanged = false;
  /** An Update was asked for, or something it tells changed, while another request was under way. */
  #updateAgain = false;
  #disabled = false;
  /** 1/x/22, as the way was chosen by it. */
  #preferredTransport: unknown;

  constructor(host: RegistrationHost, account: ServerAccount) {
    this.#host = host;
    this.#account = account;
    this.#renewal = CertificateRenewal.of(host, account);
    this.#preferredTransport = account.server.value(Server.PreferredTransport);
  }

  get account(): ServerAccount {
    return this.#account;
  }

  get state(): SessionState {
    if (this.#registered) return 'registered';
    if (!this.#wanted) return 'off';
    if (this.#disabled) return 'disabled';
    return this.#inFlight || this.#notBefore <= this.#host.clock.monotonic() ? 'registering' : 'waiting';
  }

  /** Its turn came, and it may yet be registered with: not all attempts have failed. */
  get hopeful(): boolean {
    return this.#wanted && !this.#registered && !this.#disabled && !this.#exhausted;
  }

  /** All attempts failed, and the server is one after whose failure the terminal bootstraps again (1/x/16). */
  get leadsToBootstrap(): boolean {
    return this.#exhausted && serverRetryPolicy(this.#host.retry, this.account.server).mayBootstrap;
  }

  get server(): ServerName {
    return { shortServerId: this.account.shortServerId, uri: this.account.access.uri };
  }

  /** Where Update and De-register go; undefined while not registered. */
  get location(): readonly string[] | undefined {
    return this.#registered?.location;
  }

  /** A request of ours is under way. */
  get busy(): boolean {
    return this.#inFlight !== undefined;
  }

  /** True when requests of the server are to be served: the first may overtake the answer to our Register. */
  get serving(): boolean {
    return this.#registered !== undefined || this.#inFlight?.what === 'register';
  }

  start(): void {
    this.#wanted = true;
    this.#disabled = false;
    this.#failures = 0;
    this.#exhausted = false;
    const delay = numberOf(this.account.server, 14) ?? 0; // Initial Registration Delay Timer
    this.#notBefore = this.#host.clock.monotonic() + delay * 1000;
    this.#plan();
  }

  /** Sends an Update soon: a server asked for it, or something that it knows changed. */
  update(change?: 'links'): void {
    if (change === 'links') this.#linksChanged = true;
    if (this.#running) this.#updateAgain = true;
    if (!this.#registered || this.#running) return;
    this.#updateAt = this.#host.clock.monotonic();
    this.#plan();
  }

  /** Sends a request of our own while registered, whatever else is under way; a failure when we are not. */
  async report(request: OutgoingRequest, signal: AbortSignal | undefined): Promise<IncomingResponse | FailureReason> {
    const connection = this.#connection;
    if (!this.#registered || !connection) {
      return { code: undefined, reason: 'not-registered', message: 'the terminal is not registered with this server' };
    }
    try {
      this.#host.active();
      return await connection.endpoint.request(connection.peer, request, signal ? { signal } : {});
    } catch (error) {
      return requestFailure(error);
    }
  }

  /** The Server object instance changed: an Update tells the server what it registered otherwise; another transport may be wanted. */
  parametersChanged(): void {
    if (this.#otherTransport && this.#registered) this.#plan();
    if (this.#changedParameters() !== undefined) this.update();
  }

  /** De-registers, and registers again after the time (§ Server object, Disable). */
  disable(duration: Duration): void {
    this.#disabled = true;
    this.#notBefore = this.#host.clock.monotonic() + duration;
    this.#plan();
  }

  /**
   * Ends the session, telling the server if `deregister` and it knows us. Waits at most `timeout` for it.
   */
  async stop(deregister: boolean, timeout: Duration): Promise<void> {
    this.#wanted = false;
    this.#timer?.cancel();
    if (this.#inFlight?.what !== 'register' || !deregister) this.#inFlight?.abort.abort();
    if (!deregister) this.#forgetRegistration();
    const limit = this.#host.timers.schedule(timeout, () => {
      this.#forgetRegistration();
      this.#inFlight?.abort.abort();
    });
    try {
      await this.#running;
      await this.#run();
    } finally {
      limit.cancel();
      this.#timer?.cancel();
      this.#releaseConnection();
    }
  }

  #plan(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#running) return;
    const at = this.#nextAt();
    if (at === undefined) return;
    // Never at once: a request that brought us here is answered first.
    const delay = Math.min(Math.max(0, at - this.#host.clock.monotonic()), longestWait);
    this.#timer = this.#host.timers.schedule(milliseconds(delay), () => void this.#run());
    this.#host.stateChanged();
  }

  get #otherTransport(): boolean {
    return this.#account.server.value(Server.PreferredTransport) !== this.#preferredTransport;
  }

  #nextAt(): number | undefined {
    if (this.#registered)
      return this.#disabled || this.#updateAgain || this.#otherTransport
        ? 0
        : Math.min(this.#updateAt, this.#renewal?.dueAt ?? never);
    return this.#wanted ? this.#notBefore : undefined;
  }

  #run(): Promise<void> {
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
      if (this.#wanted) this.#plan();
      this.#host.stateChanged();
    });
    return this.#running;
  }

  async #work(): Promise<void> {
    for (;;) {
      const now = this.#host.clock.monotonic();
      if (this.#otherTransport) this.#choose();
      const isDue = this.#registered ? this.#updateAgain || this.#updateAt <= now : this.#notBefore <= now;
      const check = isDue && this.#wanted && !this.#disabled ? this.#host.cardChanged(this.#account) : undefined;
      // The account is no more: what is left to do is to say good-bye.
      if (check && (await check)) this.#wanted = false;
      if (this.#registered && (!this.#wanted || this.#disabled)) await this.#deregister(this.#registered);
      else if (this.#registered && this.#renewal && this.#renewal.dueAt <= now) await this.#renew(this.#renewal);
      else if (this.#registered && (this.#updateAgain || this.#updateAt <= now)) await this.#update(this.#registered);
      else if (!this.#registered && this.#wanted && this.#notBefore <= now) await this.#register();
      else return;
    }
  }

  /** Server object, resource 22: where the terminal has a way of the transport, it registers anew by that, and the server forgets the other. */
  #choose(): void {
    this.#preferredTransport = this.#account.server.value(Server.PreferredTransport);
    const account = this.#host.accountOf(this.#account.shortServerId);
    if (!account || account.security === this.#account.security) return;
    this.#take(account);
    this.#forgetRegistration();
    this.#releaseConnection();
    this.#notBefore = this.#host.clock.monotonic();
  }

  #take(account: ServerAccount): void {
    this.#account = account;
    this.#renewal = CertificateRenewal.of(this.#host, account);
  }

  async #register(): Promise<void> {
    this.#disabled = false;
    // §6.2.1: a new registration has no observations of an earlier one. Before asking, for the server may observe before
    // we see its answer.
    this.#host.registrationEnds(this);
    const parameters = this.#parameters();
    this.#linksChanged = false;
    this.#updateAgain = false;
    const links = this.#host.objectLinks();
    const { endpointName, version } = this.#host;
    const sent = this.#host.clock.monotonic();
    const profileId = this.#host.profileId(links);
    const ask = (withList: boolean) => {
      const profile = profileId === undefined ? undefined : { id: profileId, withList };
      return this.#ask('register', registerRequest(endpointName, version, parameters, links, profile));
    };
    let response = await ask(false);
    // LwM2M 1.2 §6.2.1: a server that does not know the profile answers 4.09, and is told the list.
    if (!isFailure(response) && response.code === Code.Conflict && profileId !== undefined) response = await ask(true);
    if (isFailure(response)) return this.#registrationFailed(response, milliseconds(0));
    if (!isSuccess(response.code)) return this.#registrationFailed(responseFailure(response), askedDelay(response));
    if (response.locationPath.length === 0) {
      const message = 'the server confirmed the registration without saying its location';
      return this.#registrationFailed({ code: response.code, reason: 'no-location', message }, milliseconds(0));
    }
    this.#registered = { location: response.locationPath, parameters };
    this.#failures = 0;
    this.#exhausted = false;
    this.#confirmed();
    const latency = milliseconds(this.#host.clock.monotonic() - sent);
    this.#host.emit({ type: 'registered', server: this.server, location: response.locationPath, latency });
    this.#host.registrationSettled(this, true);
  }

  #registrationFailed(failure: FailureReason, atLeast: Duration): void {
    this.#releaseConnection();
    if (!this.#wanted) return;
    const { server } = this;
    this.#failures++;
    if (failure.code === undefined && this.#account.others.length > 0) this.#take(nextWay(this.#account));
    const { policy, sequenceDelay, lastDelay, sequences } = serverRetryPolicy(this.#host.retry, this.account.server);
    const sequenceOver = this.#failures % policy.attemptsBeforeBootstrap === 0;
    const allOver = sequenceOver && this.#failures / policy.attemptsBeforeBootstrap >= sequences;
    const pause = allOver ? lastDelay : sequenceOver ? sequenceDelay : undefined;
    const wait = pause === undefined ? atLeast : milliseconds(Math.max(pause, atLeast));
    // Core 1.1 §6.2.1.2: waits double within a sequence, and begin anew with the next one.
    const attempt = this.#exhausted ? this.#failures : ((this.#failures - 1) % policy.attemptsBeforeBootstrap) + 1;
    const retryIn = retryDelay(policy, attempt, this.#host.random, wait);
    this.#notBefore = this.#host.clock.monotonic() + retryIn;
    this.#host.emit({ type: 'registration-failed', server, failure, retryIn });
    this.#exhausted ||= allOver;
    if (!allOver) return;
    this.#host.registrationSettled(this, false);
    this.#host.exhausted();
  }

  async #update(registered: Registered): Promise<void> {
    const parameters = this.#parameters();
    const changes = this.#changedParameters() ?? {};
    const links = this.#linksChanged || this.#host.updateCarriesLinks ? this.#host.objectLinks() : undefined;
    this.#linksChanged = false;
    this.#updateAgain = false;
    this.#updateAt = never;
    const others = this.#host.updateQuery;
    const all = { ...changes, others, ...(links === undefined ? {} : { objectLinks: links }) };
    const sent = this.#host.clock.monotonic();
    const response = await this.#ask('update', updateRequest(registered.location, this.#host.version, all));
    if (!isFailure(response) && isSuccess(response.code)) {
      this.#registered = { location: registered.location, parameters };
      this.#failures = 0;
      this.#confirmed();
      const latency = milliseconds(this.#host.clock.monotonic() - sent);
      this.#host.emit({ type: 'updated', server: this.server, latency });
      return;
    }
    if (!this.#wanted) return;
    this.#updateFailed(response, links !== undefined);
  }

  #updateFailed(response: IncomingResponse | FailureReason, withLinks: boolean): void {
    const failure = isFailure(response) ? response : responseFailure(response);
    this.#host.emit({ type: 'update-failed', server: this.server, failure });
    if (!isFailure(response) && isBusy(response)) {
      // The server knows us and has no time: the same again, later.
      this.#failures++;
      this.#linksChanged ||= withLinks;
      this.#updateAgain = false;
      const delay = retryDelay(this.#host.retry, this.#failures, this.#host.random, askedDelay(response));
      this.#updateAt = this.#host.clock.monotonic() + delay;
      return;
    }
    if (isFailure(response) && response.reason === 'timeout') this.#connection?.renew?.();
    // §6.2.2: a server that does not know the registration any more (4.04), does not answer or refuses is asked anew.
    this.#forgetRegistration();
    this.#notBefore = this.#host.clock.monotonic();
  }

  /** With another certificate the terminal is another peer: it registers anew, in a session that shows it. */
  async #renew(renewal: CertificateRenewal): Promise<void> {
    const failure = await this.#exchange('renew', (connection, signal) => renewal.renew(connection, signal));
    if (failure === undefined) {
      const { oscore } = this.#account.access;
      const access = { ...accessOf(this.#account.security), ...(oscore && { oscore }) };
      this.#account = { ...this.#account, access };
    }
    if (!this.#wanted) return;
    if (failure !== undefined) {
      this.#host.emit({ type: 'renewal-failed', server: this.server, failure, retryIn: renewal.failed() });
      return;
    }
    this.#host.emit({ type: 'certificate-renewed', server: this.server, notAfter: renewal.notAfter });
    this.#forgetRegistration();
    this.#releaseConnection();
    this.#notBefore = this.#host.clock.monotonic();
  }

  async #deregister(registered: Registered): Promise<void> {
    const response = await this.#ask('deregister', { method: Code.DELETE, path: registered.location });
    const confirmed = !isFailure(response) && isSuccess(response.code);
    const failure = confirmed ? undefined : isFailure(response) ? response : responseFailure(response);
    this.#forgetRegistration();
    this.#host.emit({ type: 'deregistered', server: this.server, failure });
  }

  /** The answer, or why there is none. */
  #ask(what: Exchange, request: OutgoingRequest): Promise<IncomingResponse | FailureReason> {
    return this.#exchange(what, ({ endpoint, peer }, signal) => endpoint.request(peer, request, { signal }));
  }

  async #exchange<T>(
    what: Exchange,
    exchange: (connection: Connection, signal: AbortSignal) => Promise<T>,
  ): Promise<T | FailureReason> {
    const abort = new AbortController();
    this.#inFlight = { what, abort };
    this.#host.stateChanged();
    try {
      this.#host.active();
      this.#connection ??= await this.#connect(abort.signal);
      return await exchange(this.#connection, abort.signal);
    } catch (error) {
      return requestFailure(error);
    } finally {
      this.#host.active();
      this.#inFlight = undefined;
    }
  }

  async #connect(signal: AbortSignal): Promise<Connection> {
    // What a server sees for the first time may end what it saw before: after a restart the terminal must have it.
    await this.#host.saved();
    const { access, server } = this.account;
    const connection = await this.#host.connector.connect(access, signal, (description) =>
      server.store(Server.TlsDtlsAlertCode, description),
    );
    this.#route = this.#host.opened(connection, this);
    // Over a stream the server reaches us as long as that is open: we come back, unless it expects us to be away.
    connection.onLost?.(() => {
      if (this.#connection === connection) this.#comeBack();
    });
    return connection;
  }

  #comeBack(): void {
    const { binding, queueMode } = this.#parameters();
    if (queueMode || binding.includes('Q')) return;
    if (!this.#registered || this.#running) {
      this.update();
      return;
    }
    const delay = this.#host.retry.reconnectWithin * this.#host.random.fraction();
    this.#updateAt = Math.min(this.#updateAt, this.#host.clock.monotonic() + delay);
    this.#plan();
  }

  #releaseConnection(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#route?.close();
    this.#route = undefined;
    void connection?.release?.();
  }

  #forgetRegistration(): void {
    if (!this.#registered) return;
    this.#registered = undefined;
    this.#updateAt = never;
    this.#host.registrationEnds(this);
  }

  #confirmed(): void {
    const delay = this.#host.updateDelay(seconds(this.#registered!.parameters.lifetime));
    this.#updateAt = this.#host.clock.monotonic() + delay;
    if (this.#changedParameters() !== undefined) this.#updateAgain = true;
    this.#renewal?.plan();
  }

  #parameters(): RegistrationParameters {
    const { server } = this.account;
    return {
      lifetime: numberOf(server, Server.Lifetime)!,
      binding: server.value(Server.Binding) as string,
      queueMode: this.#host.queueMode,
    };
  }

  /** What the server knows otherwise; undefined when nothing is. */
  #changedParameters(): Partial<RegistrationParameters> | undefined {
    if (!this.#registered) return undefined;
    const { lifetime, binding } = this.#parameters();
    const known = this.#registered.parameters;
    if (lifetime === known.lifetime && binding === known.binding) return undefined;
    return {
      ...(lifetime === known.lifetime ? {} : { lifetime }),
      ...(binding === known.binding ? {} : { binding, queueMode: this.#host.queueMode }),
    };
  }
}

export function isFailure(outcome: IncomingResponse | FailureReason): outcome is FailureReason {
  return 'reason' in outcome;
}

function isBusy(response: IncomingResponse): boolean {
  return response.code === Code.ServiceUnavailable || response.code === Code.TooManyRequests;
}

/** RFC 7252 §5.9.3.4, RFC 8516 §3: Max-Age of these two says when to come back. */
function askedDelay(response: IncomingResponse): Duration {
  return isBusy(response) ? response.maxAge : milliseconds(0);
}
