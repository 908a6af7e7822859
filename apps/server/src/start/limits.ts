import {
  type AttemptLimits,
  type DeviceStateThresholds,
  defaultAddressLimits,
  type HistoryRetention,
} from '@yaolian/directory';
import { parseDuration, toMilliseconds } from '@yaolian/kernel';
import type { BootstrapLimits } from '@yaolian/lwm2m/bootstrap';
import type { RequestQueueOptions, ServerBehaviour, ServerLimits } from '@yaolian/lwm2m/server';
import type { Config } from '../config/settings.ts';
import type { TraceSettings } from '../trace/recorder.ts';

/** The settings as the LwM2M server's bounds. */
export function serverLimits(config: Config): Partial<ServerLimits> {
  return {
    maximumRegistrations: config['lwm2m.max-registrations'],
    minimumLifetime: config['lwm2m.min-lifetime'],
    maximumObservations: config['lwm2m.max-observations'],
    maximumObservationsPerRegistration: config['lwm2m.max-observations-per-device'],
    maximumQueuedOperations: config['lwm2m.max-waiting-requests'],
    maximumWriteBytes: config['coap.max-body'],
  };
}

export function serverBehaviour(config: Config): Partial<ServerBehaviour> {
  return {
    location: config['lwm2m.location'],
    operationTimeout: config['lwm2m.request-timeout'],
    lifetimeGrace: config['lwm2m.lifetime-grace'],
    restartGrace: config['lwm2m.restart-grace'],
    awakeWindow: config['lwm2m.awake-window'],
  };
}

export function queueOptions(config: Config): Partial<RequestQueueOptions> {
  return {
    expiry: config['lwm2m.queue-expiry'],
    maximumPerDevice: config['lwm2m.max-queued-per-device'],
    maximumRequests: config['lwm2m.max-queued'],
  };
}

/** When a device counts as asleep or away: as the LwM2M server has it. */
export function stateThresholds(config: Config): DeviceStateThresholds {
  return { awakeWindow: config['lwm2m.awake-window'], lifetimeGrace: config['lwm2m.lifetime-grace'] };
}

function spansOf(config: Config): HistoryRetention['spans'] {
  const after = config['history.keep-raw'];
  if (after === undefined) return undefined;
  return { after: toMilliseconds(after), length: toMilliseconds(parseDuration(config['history.span'])) };
}

/** How much history is kept. */
export function historyRetention(config: Config): HistoryRetention {
  return {
    age: {
      value: toMilliseconds(config['history.keep']),
      event: toMilliseconds(config['history.keep-timeline']),
      counter: toMilliseconds(config['history.keep-overview']),
    },
    spans: spansOf(config),
    pointsPerSeries: config['history.max-values'],
    seriesPerDevice: config['history.max-series'],
    valueSize: config['history.max-value-size'],
  };
}

export function bootstrapLimits(config: Config): Partial<BootstrapLimits> {
  return { maximumSessions: config['lwm2m.max-bootstraps'] };
}

export function addressLimits(config: Config): AttemptLimits {
  return { ...defaultAddressLimits, freeFailures: config['http.login-attempts'] };
}

/** How much of the messages of devices is recorded. */
export function traceSettings(config: Config): TraceSettings {
  const bounds = { messages: config['trace.max-messages'], bytes: config['trace.max-memory'] };
  return {
    device: bounds,
    everything: bounds,
    maximumDevices: config['trace.max-devices'],
    maximumMessage: config['trace.max-message'],
  };
}
