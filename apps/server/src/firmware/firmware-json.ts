import type {
  EventData,
  EventType,
  JsonCampaign,
  JsonCampaignTarget,
  JsonFirmwareFile,
  JsonFirmwareUpdate,
} from '@yaolian/contract';
import type { CampaignReport, CampaignTarget, FirmwareFile, WaveSize } from '@yaolian/directory';
import type { UpdateJob } from '@yaolian/lwm2m/server';
import { optionalTime, timeToJson } from '../api/times.ts';
import type { PlatformEvent } from '../events/event-hub.ts';
import { packagesPath } from './coap-packages.ts';

/** Leaves out what is not there. */
function known<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

export function fileToJson(file: FirmwareFile): JsonFirmwareFile {
  const { id, name, version, model, size, sha256, token, createdAt, createdBy } = file;
  const path = `/${packagesPath}/${token}`;
  const times = { createdAt: timeToJson(createdAt), createdBy, coapPath: path, httpPath: path };
  return { id, name, ...known({ version, model }), size, sha256, ...times };
}

export function updateToJson(job: UpdateJob): JsonFirmwareUpdate {
  const { id, device, file, group, phase, delivery, fromVersion, toVersion, version, attempts, failure, note } = job;
  return {
    id,
    device,
    file,
    ...known({ software: job.software, campaign: group }),
    phase,
    ...known({ delivery, fromVersion, toVersion, version, failure, note }),
    attempts,
    createdAt: timeToJson(job.createdAt),
    changedAt: timeToJson(job.phaseAt),
    ...optionalTime('finishedAt', job.finishedAt),
  };
}

export function updateEvent(job: UpdateJob, time: number): PlatformEvent {
  const { id, group, phase, delivery, version, failure, note } = job;
  const data = () => ({ update: id, phase, ...known({ campaign: group, delivery, version, failure, note }) });
  return { type: 'firmware.changed', time, device: job.device, data: data as () => EventData<EventType> };
}

export function progressEvent(job: UpdateJob, sent: number, size: number, time: number): PlatformEvent {
  return { type: 'firmware.progress', time, device: job.device, data: () => ({ update: job.id, sent, size }) };
}

export function campaignToJson({ campaign, rollUp }: CampaignReport): JsonCampaign {
  const { id, name, file, state, note, stopAt, advanceAt, startsPerMinute, concurrent, total } = campaign;
  return {
    id,
    name,
    file,
    ...known({ software: campaign.options['software'] as string | undefined }),
    state,
    ...known({ note }),
    waves: campaign.waves.map(waveText),
    wave: campaign.wave + 1,
    stopAt,
    advanceAt,
    startsPerMinute,
    concurrent,
    total,
    counts: { ...rollUp.counts },
    reasons: { ...rollUp.reasons },
    createdAt: timeToJson(campaign.createdAt),
    createdBy: campaign.createdBy,
    ...optionalTime('finishedAt', campaign.finishedAt),
  };
}

export function targetToJson({ device, state, wave, job, reason, changedAt }: CampaignTarget): JsonCampaignTarget {
  const counted = wave === undefined ? undefined : wave + 1;
  return { device, state, ...known({ wave: counted, update: job, reason }), changedAt: timeToJson(changedAt) };
}

function waveText(size: WaveSize): string {
  return 'count' in size ? String(size.count) : `${Math.round(size.share * 100_000) / 1000}%`;
}

/** `10%` or `500`. */
export function waveFrom(text: string): WaveSize {
  return text.endsWith('%') ? { share: Number(text.slice(0, -1)) / 100 } : { count: Number(text) };
}
