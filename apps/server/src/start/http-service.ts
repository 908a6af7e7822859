import type { Server } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { JsonStatus } from '@yaolian/contract';
import type {
  AppKeyStore,
  AuditTrail,
  Credential,
  CredentialStore,
  DeviceGroupStore,
  DeviceReportStore,
  DeviceStore,
  Enrolment,
  IdempotencyStore,
  OperatorAccounts,
  RaAccountStore,
  RaDeviceStore,
  SecondFactors,
  SecretDigest,
  ValueHistory,
} from '@yaolian/directory';
import {
  type Clock,
  type Counter,
  type Log,
  type Random,
  socketAddress,
  type Timers,
  toMilliseconds,
} from '@yaolian/kernel';
import type { BootstrapConfigStore } from '@yaolian/lwm2m/bootstrap';
import type { Lwm2mServer } from '@yaolian/lwm2m/server';
import type { PrometheusMeter, TlsCredentials } from '@yaolian/node-runtime';
import type { SqliteCampaignStore, SqliteFirmwareStore } from '@yaolian/storage';
import type { RoomService } from '@yaolian/xmpp';
import type { FastifyInstance } from 'fastify';
import type { AccountRemoval } from '../accounts/account-removal.ts';
import { addAccessRoutes } from '../api/access.ts';
import { addBootstrapRoutes } from '../api/bootstrap.ts';
import { addBulkRoutes } from '../api/bulk.ts';
import { addCampaignRoutes } from '../api/campaigns.ts';
import { addCertificateRoutes } from '../api/certificates.ts';
import { addChinaMobileRoutes } from '../api/china-mobile.ts';
import { addCompositeRoutes } from '../api/composite.ts';
import { addCredentialRoutes } from '../api/credentials.ts';
import { addDeviceRoutes } from '../api/devices.ts';
import { addEndDeviceRoutes } from '../api/end-devices.ts';
import { addEnrolmentRoutes } from '../api/enrolment.ts';
import { addFirmwareRoutes } from '../api/firmware.ts';
import { addGroupRoutes } from '../api/groups.ts';
import { addHealthRoutes } from '../api/health.ts';
import { addHistoryRoutes } from '../api/history.ts';
import { addObjectRoutes } from '../api/objects.ts';
import { addObservationRoutes } from '../api/observations.ts';
import { addOperationRoutes } from '../api/operations.ts';
import { addOperatorRoutes } from '../api/operators.ts';
import { addPlatformRoutes } from '../api/platform.ts';
import { addProfileRoutes } from '../api/profiles.ts';
import { addQueueRoutes } from '../api/queue.ts';
import { addRaSessionRoutes } from '../api/ra-sessions.ts';
import { addRoomRoutes } from '../api/rooms.ts';
import { addSecondFactorRoutes } from '../api/second-factor.ts';
import { addSettingRoutes } from '../api/settings.ts';
import { addTraceRoutes } from '../api/traces.ts';
import { addTrialRoutes } from '../api/trial.ts';
import { addUserRoutes } from '../api/users.ts';
import { addWebhookRoutes } from '../api/webhooks.ts';
import type { BulkService } from '../bulk/bulk-service.ts';
import type { LiveSettings } from '../config/live-settings.ts';
import type { Config } from '../config/settings.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { FirmwareService } from '../firmware/firmware-service.ts';
import { addHttpPackages } from '../firmware/http-packages.ts';
import type { DeviceRemoval } from '../fleet/device-removal.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { FleetMap } from '../fleet/fleet-map.ts';
import type { HealthService } from '../health/health-service.ts';
import type { ServedCertificates } from '../health/served-certificates.ts';
import type { PlatformCounters } from '../history/platform-counters.ts';
import type { Timeline } from '../history/timeline.ts';
import type { HomeService } from '../home/home-service.ts';
import { isStillGood, requireTokens, requireUsers } from '../http/authentication.ts';
import { limitPerAddress } from '../http/connections-per-address.ts';
import { consoleFolder } from '../http/console-files.ts';
import { addConsolePages } from '../http/console-pages.ts';
import { addEventStream } from '../http/event-stream.ts';
import { takeIdempotencyKeys } from '../http/idempotency.ts';
import { listenError } from '../http/listen-error.ts';
import { outliveLostConnections, RequestsInHand } from '../http/listening-server.ts';
import { RouteTable } from '../http/mount.ts';
import { serverTimes } from '../http/request-patience.ts';
import { createHttpServer } from '../http/server.ts';
import type { AddedObjects } from '../model/added-objects.ts';
import type { LiveObjectModel } from '../model/live-object-model.ts';
import { addAccountRoutes } from '../ra/account-routes.ts';
import { auditRequests } from '../ra/audit-requests.ts';
import type { RaService } from '../ra/ra-service.ts';
import { addRemoteAccessRoutes, remoteAccessOf } from '../ra/rest-routes.ts';
import type { ReportGroups } from '../reports/report-groups.ts';
import type { ReportService } from '../reports/report-service.ts';
import type { Dissector } from '../trace/dissector.ts';
import type { TraceRecorder } from '../trace/recorder.ts';
import type { TrialDevices } from '../trial/trial-devices.ts';
import type { WebhookService } from '../webhooks/webhook-service.ts';
import type { MessageAccounts } from '../xmpp/message-accounts.ts';
import { addUploadRoutes } from '../xmpp/upload-routes.ts';
import type { Uploads } from '../xmpp/uploads.ts';
import type { LiveAuthorities } from './live-authorities.ts';
import type { LiveCertificate } from './live-certificate.ts';
import { blockedPortTroubles } from './start-trouble.ts';
import type { XmppService } from './xmpp-service.ts';

export interface HttpServiceOptions {
  readonly certificate: LiveCertificate;
  readonly health: HealthService;
  readonly certificates: ServedCertificates;
  /** Whose certificates of terminals are believed. */
  readonly authorities: LiveAuthorities;
  /** Undefined where there are no files. */
  readonly uploads: Uploads | undefined;
  readonly config: Config;
  readonly settings: LiveSettings;
  readonly log: Log;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly version: string;
  readonly accounts: OperatorAccounts;
  readonly secondFactors: SecondFactors;
  readonly enrolment: Enrolment;
  readonly messageAccounts: MessageAccounts;
  /** Undefined where there is no message server. */
  readonly xmpp: XmppService | undefined;
  readonly raAccounts: RaAccountStore;
  /** Of all domains of the message server. */
  readonly roomServices: () => readonly RoomService[];
  readonly devices: DeviceStore;
  readonly deviceGroups: DeviceGroupStore;
  readonly deviceRemoval: DeviceRemoval;
  readonly bulk: BulkService;
  readonly webhooks: WebhookService;
  readonly bootstrapConfigs: BootstrapConfigStore;
  readonly model: LiveObjectModel;
  readonly addedObjects: AddedObjects;
  readonly fleet: Fleet;
  readonly server: Lwm2mServer;
  readonly hub: EventHub;
  readonly history: ValueHistory;
  readonly timeline: Timeline;
  readonly fleetMap: FleetMap;
  readonly counters: PlatformCounters;
  readonly firmware: FirmwareService;
  readonly firmwareStore: SqliteFirmwareStore;
  readonly campaignStore: SqliteCampaignStore;
  readonly trial: TrialDevices;
  readonly recorder: TraceRecorder;
  readonly dissector: Dissector;
  readonly credentials: CredentialStore;
  readonly digest: SecretDigest;
  readonly onCredentialRemoved: (credential: Credential) => void;
  readonly appKeys: AppKeyStore;
  readonly reports: ReportService;
  readonly reportGroups: ReportGroups;
  readonly reportStore: DeviceReportStore;
  /** Undefined where Remote Access is off. */
  readonly ra: RaService | undefined;
  readonly raDevices: RaDeviceStore;
  /** The door of users of the RA. */
  readonly home: HomeService;
  readonly audit: AuditTrail;
  readonly keyedRequests: IdempotencyStore;
  readonly removal: AccountRemoval;
  readonly metrics: PrometheusMeter;
  /** Where everything listens; the service adds itself. */
  readonly listening: JsonStatus['listening'];
  readonly udpAdapter: string;
}

/** REST, events and metrics on a TCP port. */
export class HttpService {
  readonly #app: FastifyInstance;
  readonly #options: HttpServiceOptions;
  readonly #inHand = new RequestsInHand();
  readonly #refused: Counter;
  #secure: SecureServer | undefined;
  #isStopping = false;

  private constructor(app: FastifyInstance, options: HttpServiceOptions) {
    this.#app = app;
    this.#options = options;
    const help = 'Connections closed because their address had enough (http.max-connections-per-address)';
    this.#refused = options.metrics.counter('http_refused_connections_total', help);
  }

  /** @throws YaolianError HTTP_… */
  static async open(options: HttpServiceOptions): Promise<HttpService> {
    const service = new HttpService(await createHttpServer(options), options);
    service.#mount();
    await service.#listen();
    return service;
  }

  /** For what else comes by HTTP: WebSockets. */
  get nodeServers(): readonly Server[] {
    return this.#secure === undefined ? [this.#app.server] : [this.#app.server, this.#secure];
  }

  #mount(): void {
    const {
      config,
      timers,
      accounts,
      enrolment,
      devices,
      bootstrapConfigs,
      clock,
      log,
      model,
      addedObjects,
      fleet,
      server,
      hub,
    } = this.#options;
    requireTokens(this.#app, accounts, (url) => url === '/metrics' && config['http.public-metrics']);
    const { home } = this.#options;
    requireUsers(this.#app, home.sessions);
    auditRequests(this.#app, this.#options.audit);
    takeIdempotencyKeys(this.#app, {
      ...{ store: this.#options.keyedRequests, clock, log },
      keep: config['http.idempotency-keep'],
      maxKeys: config['http.max-idempotency-keys'],
    });
    const table = new RouteTable(this.#app);
    addAccessRoutes(table, accounts, config['http.session-lifetime']);
    addOperatorRoutes(table, accounts, this.#options.secondFactors);
    addSecondFactorRoutes(table, accounts, this.#options.secondFactors);
    addUserRoutes(table, { ...this.#options, accounts: this.#options.messageAccounts });
    addRaSessionRoutes(table, this.#options);
    addRoomRoutes(table, this.#options);
    addEnrolmentRoutes(table, { enrolment, devices, clock, log });
    const { deviceGroups: groups, deviceRemoval: removal, bulk, ra, raDevices } = this.#options;
    const remoteAccess = ra && ((key: string) => remoteAccessOf(key, ra, raDevices));
    addDeviceRoutes(table, { fleet, devices, groups, model, clock, removal, remoteAccess });
    addGroupRoutes(table, { groups, fleet, clock });
    addBulkRoutes(table, { bulk, fleet, groups, model, clock, log });
    addEndDeviceRoutes(table, { fleet, server });
    addOperationRoutes(table, { fleet, server, model, clock });
    addCompositeRoutes(table, { fleet, server, model, clock });
    addQueueRoutes(table, { fleet, server, model });
    const { history, timeline, fleetMap } = this.#options;
    addHistoryRoutes(table, { history, timeline, fleetMap, fleet, server, model, clock });
    addProfileRoutes(table, server);
    addObservationRoutes(table, { fleet, server, model, clock });
    addBootstrapRoutes(table, { configs: bootstrapConfigs, model, log });
    addCredentialRoutes(table, this.#options);
    addObjectRoutes(table, model, addedObjects);
    addEventStream(table, {
      hub,
      timers,
      isStillGood: (headers, role) => isStillGood(accounts, headers, role),
    });
    const { firmware, firmwareStore: store, campaignStore, audit } = this.#options;
    addFirmwareRoutes(table, { firmware, store, fleet, log });
    addCampaignRoutes(table, { firmware, files: store, store: campaignStore, fleet, groups, clock, log });
    addHttpPackages(this.#app, { files: store, folder: firmware.folder, onServed: firmware.served });
    addWebhookRoutes(table, this.#options.webhooks);
    addTrialRoutes(table, this.#options.trial);
    addTraceRoutes(table, {
      ...this.#options,
      duration: config['trace.duration'],
      hasKeyLog: config['trace.key-log'],
      isStillGood: (headers, role) => isStillGood(accounts, headers, role),
    });
    addChinaMobileRoutes(table, this.#options);
    const { removal: accountRemoval, listening } = this.#options;
    addRemoteAccessRoutes(table, {
      ...{ ra, raDevices, audit, clock, removal: accountRemoval, fleet, model: this.#options.model },
      publicUrl: config['http.public-url'],
      listening: () => listening.flatMap(({ service, url }) => (service === 'http' ? [url] : [])),
    });
    home.mount(table);
    if (ra) addAccountRoutes(this.#app, ra.accountServer);
    if (this.#options.uploads !== undefined) addUploadRoutes(this.#app, this.#options.uploads);
    addPlatformRoutes(table, {
      ...this.#options,
      profile: () => this.#options.settings.config.profile,
      remoteAccess: config['ra.domain'],
      openApi: () => this.#app.swagger(),
    });
    addHealthRoutes(table, this.#options.health, () => this.#isStopping);
    addCertificateRoutes(table, this.#options);
    addSettingRoutes(table, this.#options);
    table.addRefusals();
    addConsolePages(this.#app, consoleFolder());
  }

  async #listen(): Promise<void> {
    const { config } = this.#options;
    const host = config['http.host'];
    const port = config['http.port'];
    for (const trouble of blockedPortTroubles(config)) this.#options.log.warn(trouble);
    this.#app.server.maxConnections = config['http.max-connections'];
    this.#inHand.watch(this.#app.server);
    try {
      await this.#app.listen({ host, port });
    } catch (error) {
      throw listenError(socketAddress(host, port).key, error);
    }
    const bound = this.#app.server.address() as AddressInfo;
    this.#options.firmware.listening(socketAddress(bound.address, bound.port));
    this.#listens(`http://${socketAddress(bound.address, bound.port).key}`, this.#app.server);
    await this.#listenSecure();
  }

  /** The same over TLS, where a port for it is configured. */
  async #listenSecure(): Promise<void> {
    const { config, certificate, certificates } = this.#options;
    const port = config['http.tls-port'];
    if (port === undefined) return;
    const host = config['http.tls-host'];
    const server = createSecureServer(
      {
        ...{ ...secureContextOf(certificate.current), minVersion: 'TLSv1.2' },
        ...serverTimes(config['http.request-timeout']),
      },
      (request, reply) => this.#app.routing(request, reply),
    );
    server.maxConnections = config['http.max-connections'];
    this.#inHand.watch(server);
    certificate.onChange((credentials) => server.setSecureContext(secureContextOf(credentials)));
    const bound = await new Promise<AddressInfo>((resolve, reject) => {
      server.once('error', (error) => reject(listenError(socketAddress(host, port).key, error)));
      server.listen({ host, port }, () => resolve(server.address() as AddressInfo));
    });
    this.#secure = server;
    const url = `https://${socketAddress(bound.address, bound.port).key}`;
    certificates.add(url, true, () => certificate.current);
    this.#listens(url, server);
  }

  #listens(url: string, server: Server | SecureServer): void {
    const { config, listening, health, clock, log } = this.#options;
    outliveLostConnections(server, { place: url, clock, log });
    limitPerAddress(server, {
      limit: config['http.max-connections-per-address'],
      proxies: config['http.trusted-proxies'],
      onRefused: () => this.#refused.add(),
    });
    listening.push({ service: 'http', url });
    const limit = config['http.max-connections'];
    health.watch(async () => ({
      url,
      use: { used: await connectionsOf(server), limit, setting: 'http.max-connections' },
    }));
  }

  /** Ends event streams, takes no new request, and waits for those in hand, but leaves others a fifth of `stop.drain`. */
  async close(): Promise<void> {
    this.#isStopping = true;
    this.#options.hub.close();
    this.#options.home.close();
    // Sockets that became WebSockets are closed later, by whom they belong to: they are not waited for here.
    this.#app.close().catch((error: unknown) => this.#options.log.error('HTTP did not end well', { error }));
    for (const server of this.nodeServers) server.close(); // at once: the port is free
    await this.#inHand.settled(0.8 * toMilliseconds(this.#options.config['stop.drain']));
    for (const server of this.nodeServers) (server as SecureServer).closeAllConnections();
  }
}

function secureContextOf({ certificate, key }: TlsCredentials) {
  const bytes = (pem: string | Uint8Array) => Buffer.from(pem);
  return { cert: bytes(certificate), key: bytes(key) };
}

function connectionsOf(server: Server | SecureServer): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
