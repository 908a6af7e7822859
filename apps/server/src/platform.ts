import { join, resolve } from 'node:path';
import { chinaMobileObjects, VendorCiphers } from '@yaolian/china-mobile-dm';
import type { JsonStatus } from '@yaolian/contract';
import { AuditTrail, doorOf, EndpointProof, Enrolment, OperatorAccounts, SecondFactors } from '@yaolian/directory';
import { type Clock, type Log, type Meter, milliseconds, type Random, seconds, type Timers } from '@yaolian/kernel';
import { BootstrapServer } from '@yaolian/lwm2m/bootstrap';
import { Lwm2mServer } from '@yaolian/lwm2m/server';
import { combineModels, objectTable, omaObjects } from '@yaolian/lwm2m-objects';
import {
  cbcCrypto,
  measureProcess,
  nodeClock,
  nodeRandom,
  nodeTimers,
  openOscoreCrypto,
  openUdpPort,
  PrometheusMeter,
  pinoLog,
  saslCrypto,
} from '@yaolian/node-runtime';
import { type CommitListener, hmacSha1, ScryptPasswordHasher, Storage, secretDigest } from '@yaolian/storage';
import type { SessionHandler } from '@yaolian/xmpp';
import { AccountRemoval } from './accounts/account-removal.ts';
import { BulkService } from './bulk/bulk-service.ts';
import { LiveSettings } from './config/live-settings.ts';
import { type Config, defaultConfig, type SettingName } from './config/settings.ts';
import { relayBootstrapEvents } from './events/bootstrap-events.ts';
import { EventHub } from './events/event-hub.ts';
import { ServerEventRelay } from './events/server-events.ts';
import { FirmwareService } from './firmware/firmware-service.ts';
import { DeviceRemoval } from './fleet/device-removal.ts';
import { Fleet } from './fleet/fleet.ts';
import { FleetMap } from './fleet/fleet-map.ts';
import { ModelReader } from './fleet/model-reader.ts';
import { HealthService } from './health/health-service.ts';
import { ServedCertificates } from './health/served-certificates.ts';
import { watchListeners } from './health/watch-listeners.ts';
import { HistoryService, takeInto } from './history/history-service.ts';
import { isKeptWhole, keptTypes, Timeline } from './history/timeline.ts';
import { HomeService } from './home/home-service.ts';
import { AddedObjects } from './model/added-objects.ts';
import { LiveObjectModel } from './model/live-object-model.ts';
import { openMqtt } from './mqtt/open-mqtt.ts';
import { enrolmentProfile, reportingProfiles } from './profiles/enrolment-profile.ts';
import { askerRights } from './ra/asker-rights.ts';
import { auditBounds } from './ra/audit-bounds.ts';
import { lookingRoutes } from './ra/audit-requests.ts';
import { ServerDoor } from './ra/server-door.ts';
import { ReportGroups } from './reports/report-groups.ts';
import { ReportService } from './reports/report-service.ts';
import { BootstrapKeys } from './security/bootstrap-keys.ts';
import { openEst } from './security/open-est.ts';
import { OscoreTerminals } from './security/oscore-terminals.ts';
import { proofProfile } from './security/proof-profile.ts';
import { provenRegistrations } from './security/proven-registrations.ts';
import { TerminalTrust } from './security/terminal-trust.ts';
import { HttpService } from './start/http-service.ts';
import {
  addressLimits,
  bootstrapLimits,
  historyRetention,
  queueOptions,
  serverBehaviour,
  serverLimits,
  stateThresholds,
  traceSettings,
} from './start/limits.ts';
import { LiveAuthorities } from './start/live-authorities.ts';
import { LiveCertificate } from './start/live-certificate.ts';
import { openMessages } from './start/open-messages.ts';
import { endSessions } from './start/secure-coap.ts';
import { TerminalDoors } from './start/terminal-doors.ts';
import { UndoStack } from './start/undo-stack.ts';
import { messageDomain, messageDomains, type XmppService } from './start/xmpp-service.ts';
import { Dissector } from './trace/dissector.ts';
import { TraceRecorder } from './trace/recorder.ts';
import {
  chinaMobileTrialName,
  plainTrialName,
  simulatedTerminal,
  TrialDevices,
  trialServer,
} from './trial/trial-devices.ts';
import { trialKeys } from './trial/trial-keys.ts';
import { version } from './version.ts';
import { WebhookService } from './webhooks/webhook-service.ts';
import { AccountNames } from './xmpp/account-names.ts';
import { MessageAccounts } from './xmpp/message-accounts.ts';
import { Uploads } from './xmpp/uploads.ts';

/** What a test or an embedding program puts in place of the machine's own. */
export interface PlatformOverrides {
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly random?: Random;
  readonly log?: Log;
  readonly openUdp?: typeof openUdpPort;
  /** Told of every commit of the storage, for tests of crashes. */
  readonly commitListener?: CommitListener;
  /** Stands between the connections of the message server and what it does: sees what clients say, before it does. */
  readonly watchSessions?: (handler: SessionHandler) => SessionHandler;
  /** What the file, the environment or a flag set, and nobody changes while the platform runs. Absent: all that the configuration says. */
  readonly fixedSettings?: ReadonlySet<SettingName>;
  /** Makes a new password for "admin", which {@link Platform.adminPassword} tells. */
  readonly resetAdminPassword?: boolean;
}

/** A running platform. */
export interface Platform {
  readonly config: Config;
  /** `{ service: 'dm', url: 'coap://[::]:5683' }`, … */
  readonly listening: JsonStatus['listening'];
  readonly udpAdapter: 'batched' | 'portable';
  /** Absolute. */
  readonly dataFolder: string;
  /** Present when it was made now: at the first start, or because it was asked for. */
  readonly adminPassword: string | undefined;
  readonly server: Lwm2mServer;
  readonly accounts: OperatorAccounts;
  readonly enrolment: Enrolment;
  /** The message server, where there is one. */
  readonly xmpp: XmppService | undefined;
  /**
   * Stops taking requests of people, waits for what is in hand, commits, and gives everything free, within `stop.drain`. Terminals stay registered. Harmless when called twice.
   */
  stop(): Promise<void>;
}

/**
 * Starts the platform. What is not configured has its default.
 * @throws YaolianError DATA_FOLDER_…, DATABASE_…, SCHEMA_NEWER, UDP_…, HTTP_…, SETTING_UNREADABLE: each is a sentence for people
 */
export async function startPlatform(config: Partial<Config>, overrides: PlatformOverrides = {}): Promise<Platform> {
  const undo = new UndoStack();
  try {
    const fixedSettings = overrides.fixedSettings ?? new Set(Object.keys(config) as SettingName[]);
    return await compose({ ...defaultConfig(), ...config }, { ...overrides, fixedSettings }, undo);
  } catch (error) {
    await undo.run();
    throw error;
  }
}

async function compose(
  config: Config,
  overrides: PlatformOverrides & Required<Pick<PlatformOverrides, 'fixedSettings'>>,
  undo: UndoStack,
): Promise<Platform> {
  const { clock = nodeClock, timers = nodeTimers, random = nodeRandom, openUdp = openUdpPort } = overrides;
  const log = overrides.log ?? pinoLog({ level: config['log.level'], format: config['log.format'] });
  const meter = new PrometheusMeter();
  measureProcess(meter);

  const dataFolder = resolve(config['data-dir']);
  const maxDatabase = config['storage.max-size'];
  const keyFile = config['secrets.key-file'];
  const storage = Storage.open({
    folder: dataFolder,
    log,
    meter,
    pageCache: config['storage.page-cache'],
    history: historyRetention(config),
    ...(overrides.commitListener === undefined ? {} : { commitListener: overrides.commitListener }),
    ...(keyFile === undefined ? {} : { keyFile: resolve(keyFile) }),
    ...(maxDatabase === undefined ? {} : { maxDatabase }),
  });
  undo.push('storage', () => storage.close());
  let profileNow = config.profile;
  const settings = await LiveSettings.open({
    ...{ store: storage.settings, config, fixed: overrides.fixedSettings },
    onChange: (now) => {
      storage.history.retain(historyRetention(now));
      profileNow = now.profile;
    },
  });
  const secondFactors = openSecondFactors(storage, { clock, random });
  const accounts = openAccounts(storage, config, { clock, random, log, secondFactors });
  const enrolment = await Enrolment.open({ settings: storage.settings, initialMode: config.enrolment });
  const model = new LiveObjectModel(combineModels(omaObjects, objectTable(chinaMobileObjects)));
  const addedObjects = new AddedObjects({ model, folder: join(dataFolder, 'objects'), log });
  await addedObjects.load();

  const machine = { config, clock, timers, random, log, meter, openUdp };
  const { credentials } = storage;
  const authorities = await LiveAuthorities.open({ ...machine, dataFolder });
  undo.push('authorities of terminals', async () => authorities.close());
  const trust = new TerminalTrust({
    store: credentials,
    digest: secretDigest,
    clock,
    authorities,
  });
  const certificate = await LiveCertificate.open({ ...machine, dataFolder });
  undo.push('certificates', async () => certificate.close());
  const oscore = new OscoreTerminals({
    ...{
      crypto: await openOscoreCrypto(),
      store: credentials,
      states: storage.oscoreStates,
      clock,
      random,
      log,
      meter,
    },
    maximumContexts: config['coap.max-sessions'],
  });
  undo.push('OSCORE', () => oscore.close());
  const doors = await TerminalDoors.bind({ ...machine, storage, trust, certificate, authorities, oscore }, undo);
  const ciphers = new VendorCiphers(storage.appKeys, cbcCrypto);
  const domain = messageDomain(config);
  const accountNames = new AccountNames(messageDomains(config));
  // The addresses of accounts are the keys of devices that speak RA: no terminal may take one.
  const isReserved = (key: string) => doorOf(key, domain) === 'ra';
  const hasRoom = (key: string) => storage.devices.hasRoomFor(key, config['lwm2m.max-devices']);
  const rules = { devices: storage.devices, enrolmentMode: () => enrolment.mode, isReserved, hasRoom };
  const names = enrolmentProfile(() => profileNow, rules, { passwords: storage.appKeys, ciphers });
  const match = config['coap.endpoint-match'];
  const required = !config['coap.nosec'];
  const proof = new EndpointProof({ store: credentials, digest: secretDigest, match, required });
  const profile = proofProfile(names, proof, log);
  const isProven = await provenRegistrations(credentials);
  const hub = openHub(config, { clock, timers, meter });
  // These begin before anything happens, and end after everything.
  const timeline = new Timeline(storage.history, log);
  hub.restore(await timeline.latest(config['http.event-history']), isKeptWhole);
  const stopKeeping = hub.keepWith(timeline.add, keptTypes);
  undo.push('timelines', async () => stopKeeping());
  const webhooks = new WebhookService({
    ...{ store: storage.webhooks, hub, clock, timers, random, log, version },
    allowsPrivate: config['webhooks.private-addresses'],
    maxWebhooks: config['webhooks.max'],
    maxWaiting: config['webhooks.max-waiting'],
  });
  undo.push('webhooks', () => webhooks.close());
  await webhooks.start();
  const relay = new ServerEventRelay(hub, model);
  const server = new Lwm2mServer({
    endpoints: doors.endpoints(isProven),
    store: storage.registrations,
    profile,
    model,
    clock,
    timers,
    random,
    log,
    meter,
    limits: serverLimits(config),
    behaviour: serverBehaviour(config),
    queueStore: storage.queuedRequests,
    profileStore: storage.profiles,
    standingStore: storage.standingObservations,
    queue: { ...queueOptions(config), permits: askerRights({ ...storage, clock }) },
    takeValues: takeInto(storage.history, storage.devices),
    onStoring: relay.storing,
  });
  undo.push('device management', () => server.close());
  const own = () => certificate.current;
  const keys = new BootstrapKeys({ ...machine, store: credentials, digest: secretDigest, own });
  const bootstrap = new BootstrapServer({
    configs: storage.bootstrapConfigs,
    profile,
    prepare: keys.prepare,
    model,
    clock,
    timers,
    log,
    meter,
    limits: bootstrapLimits(config),
  });
  undo.push('bootstrap', () => bootstrap.close());
  if (config['coap.est'] && doors.hasSecure) {
    const est = await openEst({ ...machine, dataFolder, keys, store: credentials, digest: secretDigest });
    doors.mountSecure(est.mounts());
  }
  doors.mountServers(server, bootstrap);

  await oscore.restore((await storage.registrations.load()).registrations);
  relay.follow(server);
  await server.start();

  relayBootstrapEvents(bootstrap, hub);
  const fleet = new Fleet({ store: storage.devices, server, clock, thresholds: stateThresholds(config) });
  const { history } = storage;
  const keeper = new HistoryService({ history, server, hub, fleet, clock, timers, log });
  undo.push('DTLS sessions', async () => keeper.close());
  keeper.start();
  const models = new ModelReader({
    ...{ server, store: storage.devices, log, meter },
    atOnce: config['lwm2m.models-at-once'],
    maximumWaiting: config['lwm2m.max-waiting-models'],
  });
  undo.push('reading of models', () => models.close());
  if (config['lwm2m.read-model']) models.start();
  const onRemoving = (key: string, endpoint: string | undefined) => {
    const event = { type: 'device.removed', time: clock.epoch(), device: key, endpoint, data: () => ({}) } as const;
    hub.keep(event);
    return () => hub.publish(event);
  };
  const removal = new AccountRemoval(storage);
  const deviceRemoval = new DeviceRemoval({
    ...{ devices: storage.devices, groups: storage.deviceGroups, reports: storage.deviceReports, server, onRemoving },
    ...{ raDevices: storage.raDevices, domain: config['ra.domain'], accounts: removal },
    doorOf: (key) => fleet.doorOf(key),
  });
  const bulk = new BulkService({
    ...{ fleet, server, model, hub, clock, timers, random, log },
    groups: storage.deviceGroups,
    removal: deviceRemoval,
    store: storage.bulkJobs,
  });
  undo.push('bulk actions', () => bulk.close());
  await bulk.start();
  const reportGroups = await ReportGroups.open(storage.settings);
  const reports = new ReportService({
    server,
    ciphers,
    groups: reportGroups,
    store: storage.deviceReports,
    hub,
    clock,
    log,
    meter,
    profiles: () => reportingProfiles(profileNow),
    atOnce: config['china-mobile.reports-at-once'],
    maximumWaiting: config['china-mobile.max-waiting-reports'],
  });
  undo.push('reports', () => reports.close());
  reports.start();
  const firmware = new FirmwareService({
    config,
    storage,
    dataFolder,
    server,
    fleet,
    hub,
    clock,
    timers,
    random,
    log,
    coap: doors.addresses,
    transportOf: (registration) => doors.transportOf(server.endpointOf({ endpoint: registration.endpoint })),
  });
  undo.push('firmware updates', () => firmware.close());
  await firmware.start();
  doors.mount([firmware.mount()]);
  const recorder = new TraceRecorder({ settings: traceSettings(config), server, clock });
  doors.watch(recorder);
  const listening = [...doors.listening];
  const trial = new TrialDevices({
    limit: config['try.max-devices'],
    nameOf: (serial) => (profileNow === 'plain' ? plainTrialName(serial) : chinaMobileTrialName(serial)),
    server: trialServer(doors.addresses, trialKeys({ store: credentials, clock, random })) ?? {
      scheme: 'coap',
      address: doors.clear.address,
    },
    run: simulatedTerminal,
    random,
    clock,
    log,
  });
  undo.push('simulated devices', () => trial.close());
  const audit = new AuditTrail({ store: storage.audit, clock, log, looks: lookingRoutes, ...auditBounds(config) });
  undo.push('audit', () => audit.flush());
  const uploads = await Uploads.open({ ...machine, dataFolder, store: storage.uploads });
  undo.push('uploads of messages', async () => uploads?.close());
  removal.listen((account) => uploads?.removeAccount(account));
  const messages = await openMessages(
    {
      ...machine,
      names: accountNames,
      certificate,
      authorities,
      uploads,
      dataFolder,
      storage,
      audit,
      removal,
      fleet,
      server,
      model,
      hub,
      updater: firmware.updater,
      ...(overrides.watchSessions && { watchSessions: overrides.watchSessions }),
    },
    undo,
  );
  const { xmpp, ra } = messages ?? {};
  const mqtt = await openMqtt({ ...machine, hub, fleet });
  undo.push('MQTT publishing', async () => mqtt?.close());
  for (const url of xmpp?.urls ?? []) listening.push({ service: 'xmpp', url });
  const messageAccounts = new MessageAccounts({
    store: storage.raAccounts,
    removal,
    names: accountNames,
    crypto: saslCrypto,
    iterations: config['xmpp.iterations'],
    clock,
    ...(xmpp && {
      endSessions: (account: string, resource?: string) => xmpp.endSessions(account, resource),
      connectionsOf: (account: string) => xmpp.connectionsOf(account),
      tell: (account: string, text: string) => xmpp.tell(account, text),
    }),
  });
  const home = new HomeService({
    ...{ config, storage, ra, server, fleet, model, audit, clock, timers, random, log },
    endConnections: (account) => xmpp?.endSessions(account),
    digest: secretDigest,
  });
  const certificates = new ServedCertificates();
  const queued = () => server.queue?.size ?? 0;
  const health = new HealthService({
    ...{ ...machine, storage, webhooks, mqtt, certificates, queued, isOpen: () => enrolment.mode === 'open' },
    terminalBroker: doors.mqtt,
    authorities,
  });
  undo.push('health', async () => health.close());
  watchListeners(health, certificates, {
    ...machine,
    ...{ doors, xmpp, certificate, authorities },
  });
  const http = await HttpService.open({
    certificate,
    ...{ health, certificates },
    authorities,
    uploads,
    ra,
    home,
    raDevices: storage.raDevices,
    removal,
    audit,
    keyedRequests: storage.keyedRequests,
    config,
    log,
    clock,
    timers,
    random,
    version,
    accounts,
    secondFactors,
    enrolment,
    settings,
    messageAccounts,
    roomServices: () => xmpp?.rooms?.services ?? [],
    xmpp,
    raAccounts: storage.raAccounts,
    devices: storage.devices,
    deviceGroups: storage.deviceGroups,
    deviceRemoval,
    bulk,
    webhooks,
    bootstrapConfigs: storage.bootstrapConfigs,
    model,
    addedObjects,
    fleet,
    server,
    hub,
    history,
    fleetMap: new FleetMap({ store: storage.devices, fleet, clock }),
    counters: keeper.counters,
    timeline,
    firmware,
    firmwareStore: storage.firmware,
    campaignStore: storage.campaigns,
    trial,
    recorder,
    dissector: new Dissector({ server, model, cidLength: 6 }),
    credentials,
    digest: secretDigest,
    onCredentialRemoved: (removed) => {
      endSessions(doors.secure?.dtls, doors.streams, removed, secretDigest);
      oscore.end(removed);
    },
    appKeys: storage.appKeys,
    reports,
    reportGroups,
    reportStore: storage.deviceReports,
    metrics: meter,
    listening,
    udpAdapter: doors.clear.adapter,
  });
  undo.push('HTTP', () => http.close());
  await xmpp?.start(http.nodeServers);
  const servers = ra && (await ServerDoor.open({ ...machine, certificate, ra, audit }));
  undo.push('the door of application servers', async () => servers?.close());
  if (servers) {
    listening.push({ service: 'servers', url: servers.url });
    certificates.add(servers.url, true, () => certificate.current);
  }
  await doors.open();
  health.started();
  // Last: a start that fails because a port is in use must not use up the password that is shown only once.
  const adminPassword = await ensureAdmin(accounts, overrides);
  const stop = once(() => {
    const onOverrun = (what: string) => log.warn('a stop did not wait any longer', { for: what });
    // With nothing left for requests, what was begun is still ended in order.
    return undo.run({ timers, within: milliseconds(Math.max(config['stop.drain'], seconds(1))), onOverrun });
  });
  return {
    config: settings.config,
    listening,
    udpAdapter: doors.clear.adapter,
    dataFolder,
    adminPassword,
    server,
    accounts,
    enrolment,
    xmpp,
    stop,
  };
}

function openSecondFactors(
  { settings, sealer }: Storage,
  machine: { readonly clock: Clock; readonly random: Random },
): SecondFactors {
  return new SecondFactors({ ...machine, settings, sealer, digest: secretDigest, hmacSha1 });
}

function openAccounts(
  storage: Storage,
  config: Config,
  machine: {
    readonly clock: Clock;
    readonly random: Random;
    readonly log: Log;
    readonly secondFactors: SecondFactors;
  },
): OperatorAccounts {
  return new OperatorAccounts({
    ...machine,
    store: storage.operators,
    hasher: new ScryptPasswordHasher(),
    digest: secretDigest,
    addressLimits: addressLimits(config),
  });
}

async function ensureAdmin(accounts: OperatorAccounts, overrides: PlatformOverrides): Promise<string | undefined> {
  const first = await accounts.ensureFirstAdmin();
  if (first !== undefined || !overrides.resetAdminPassword) return first;
  return accounts.resetPassword('admin');
}

function openHub(
  config: Config,
  { clock, timers, meter }: { readonly clock: Clock; readonly timers: Timers; readonly meter: Meter },
): EventHub {
  const maxReaders = config['http.max-event-streams'];
  const maxReadersPerOperator = config['http.max-event-streams-per-operator'];
  const hub = new EventHub({ clock, timers, history: config['http.event-history'], maxReaders, maxReadersPerOperator });
  meter.gauge('http_event_streams', 'Event streams that are open', () => hub.readers);
  return hub;
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
