import { join, resolve } from 'node:path';
import type { JsonStatus } from '@yaolian/contract';
import { Enrolment, OperatorAccounts } from '@yaolian/directory';
import type { Clock, Log, Meter, Random, Timers } from '@yaolian/kernel';
import { BootstrapServer } from '@yaolian/lwm2m/bootstrap';
import { Lwm2mServer, type RequestMount } from '@yaolian/lwm2m/server';
import { omaObjects } from '@yaolian/lwm2m-objects';
import {
  measureProcess,
  nodeClock,
  nodeRandom,
  nodeTimers,
  openUdpPort,
  PrometheusMeter,
  pinoLog,
} from '@yaolian/node-runtime';
import { ScryptPasswordHasher, Storage, secretDigest } from '@yaolian/storage';
import { type Config, defaultConfig } from './config/settings.ts';
import { relayBootstrapEvents } from './events/bootstrap-events.ts';
import { EventHub } from './events/event-hub.ts';
import { relayServerEvents } from './events/server-events.ts';
import { FirmwareService } from './firmware/firmware-service.ts';
import { Fleet } from './fleet/fleet.ts';
import { AddedObjects } from './model/added-objects.ts';
import { LiveObjectModel } from './model/live-object-model.ts';
import { enrolmentProfile } from './profiles/enrolment-profile.ts';
import { CoapService, type CoapServiceOptions } from './start/coap-service.ts';
import { HttpService } from './start/http-service.ts';
import {
  addressLimits,
  bootstrapLimits,
  queueOptions,
  serverBehaviour,
  serverLimits,
  stateThresholds,
} from './start/limits.ts';
import { bindStreams, type StreamService } from './start/stream-service.ts';
import { UndoStack } from './start/undo-stack.ts';
import { version } from './version.ts';

/** What a test or an embedding program puts in place of the machine's own. */
export interface PlatformOverrides {
  readonly clock?: Clock;
  readonly timers?: Timers;
  readonly random?: Random;
  readonly log?: Log;
  readonly openUdp?: typeof openUdpPort;
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
  /**
   * Stops taking requests of people, waits for what is in hand (at most `stop.drain`), commits, and gives everything
   * free. Terminals stay registered. Harmless when called twice.
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
    return await compose({ ...defaultConfig(), ...config }, overrides, undo);
  } catch (error) {
    await undo.run();
    throw error;
  }
}

async function compose(config: Config, overrides: PlatformOverrides, undo: UndoStack): Promise<Platform> {
  const { clock = nodeClock, timers = nodeTimers, random = nodeRandom, openUdp = openUdpPort } = overrides;
  const log = overrides.log ?? pinoLog({ level: config['log.level'], format: config['log.format'] });
  const meter = new PrometheusMeter();
  measureProcess(meter);

  const dataFolder = resolve(config['data-dir']);
  const maxDatabase = config['storage.max-size'];
  const storage = Storage.open({
    folder: dataFolder,
    log,
    meter,
    pageCache: config['storage.page-cache'],
    ...(maxDatabase === undefined ? {} : { maxDatabase }),
  });
  undo.push(() => storage.close());
  const accounts = openAccounts(storage, config, { clock, random, log });
  const adminPassword = await ensureAdmin(accounts, overrides);
  const enrolment = await Enrolment.open({ settings: storage.settings, initialMode: config.enrolment });
  const model = new LiveObjectModel(omaObjects);
  const addedObjects = new AddedObjects({ model, folder: join(dataFolder, 'objects'), log });
  await addedObjects.load();

  const machine = { config, clock, timers, random, log, meter, openUdp };
  const dm = await CoapService.bind({ ...machine, port: config['coap.port'], multicast: config['coap.multicast'] });
  undo.push(() => dm.close());
  const streams = await bindStreams({ ...machine, dataFolder, datagrams: dm.address });
  for (const service of streams) undo.push(() => service.close());
  const profile = enrolmentProfile(config.profile, {
    devices: storage.devices,
    enrolmentMode: () => enrolment.mode,
  });
  const server = new Lwm2mServer({
    endpoints: [dm, ...streams].map(({ endpoint }) => ({ endpoint })),
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
    queue: queueOptions(config),
  });
  undo.push(() => server.close());
  const bootstrap = new BootstrapServer({
    configs: storage.bootstrapConfigs,
    profile,
    model,
    clock,
    timers,
    log,
    meter,
    limits: bootstrapLimits(config),
  });
  undo.push(() => bootstrap.close());
  dm.mount([...server.mounts(dm.endpoint), ...bootstrapMounts(bootstrap, dm)]);
  for (const service of streams) {
    service.mount([...server.mounts(service.endpoint), ...bootstrapMounts(bootstrap, service)]);
  }
  const alone = await bindBootstrap(machine);
  if (alone) {
    undo.push(() => alone.close());
    alone.mount(bootstrapMounts(bootstrap, alone));
  }

  await server.start();

  const hub = openHub(config, { clock, timers, meter });
  relayServerEvents(server, hub, model);
  relayBootstrapEvents(bootstrap, hub);
  const fleet = new Fleet({ store: storage.devices, server, clock, thresholds: stateThresholds(config) });
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
    coap: dm.address,
  });
  undo.push(() => firmware.close());
  await firmware.start();
  dm.mount([firmware.mount()]);
  const listening = [{ service: 'dm', url: `coap://${dm.address.key}` }];
  for (const { url } of streams) listening.push({ service: 'dm', url });
  if (alone) listening.push({ service: 'bootstrap', url: `coap://${alone.address.key}` });
  const http = await HttpService.open({
    config,
    log,
    clock,
    timers,
    random,
    version,
    accounts,
    enrolment,
    devices: storage.devices,
    bootstrapConfigs: storage.bootstrapConfigs,
    model,
    addedObjects,
    fleet,
    server,
    hub,
    firmware,
    firmwareStore: storage.firmware,
    campaignStore: storage.campaigns,
    metrics: meter,
    listening,
    udpAdapter: dm.adapter,
  });
  undo.push(() => http.close());
  dm.open();
  for (const service of streams) service.open();
  alone?.open();
  const stop = once(() => undo.run());
  return { config, listening, udpAdapter: dm.adapter, dataFolder, adminPassword, server, accounts, enrolment, stop };
}

/** Bootstrap on a port of its own, beside the one on the port of the DM service, where the configuration wants it. */
async function bindBootstrap(
  machine: Omit<CoapServiceOptions, 'port' | 'multicast'>,
): Promise<CoapService | undefined> {
  const port = machine.config['coap.bootstrap-port'];
  return port === undefined ? undefined : CoapService.bind({ ...machine, port, multicast: false });
}

/** OMA registers no resource type for bootstrap; `/.well-known/core` lists the path all the same. */
function bootstrapMounts(
  bootstrap: BootstrapServer,
  { endpoint }: CoapService | StreamService,
): readonly RequestMount[] {
  return bootstrap.mounts(endpoint).map((mount) => ({ description: { rt: 'oma.lwm2m.bs' }, ...mount }));
}

function openAccounts(
  storage: Storage,
  config: Config,
  machine: { readonly clock: Clock; readonly random: Random; readonly log: Log },
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
  const hub = new EventHub({ clock, timers, history: config['http.event-history'], maxReaders });
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
