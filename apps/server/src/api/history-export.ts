import { csvRow, type JsonHistorySpan } from '@yaolian/contract';
import { type BucketsQuery, type PointsQuery, type ValueHistory, zoneOffset } from '@yaolian/directory';
import { bucketToJson, pointToJson } from './history-json.ts';

export type ExportedSpan = Pick<PointsQuery, 'kind' | 'device' | 'path' | 'from' | 'to'>;

/** Values or spans that are in memory at a time. */
const atOnce = 5_000;

/**
 * The values of a span as CSV, piece by piece: as much is in memory as the reader has not taken of one piece.
 * @param spans absent: value by value
 */
export async function* historyAsCsv(
  history: ValueHistory,
  asked: ExportedSpan,
  spans: Pick<BucketsQuery, 'every' | 'zone'> | undefined,
  zone: string | undefined,
): AsyncGenerator<string, void, undefined> {
  const timeOf = timeText(zone);
  if (spans === undefined) {
    yield csvRow(['time', 'value', 'count', 'min', 'max', 'mean']);
    for (let after: PointsQuery['after'], isFirst = true; isFirst || after !== undefined; isFirst = false) {
      const page = await history.points({ ...asked, order: 'oldest', limit: atOnce, after });
      const rows = page.points.map((point) => {
        const { value, span = { count: 1 } as Partial<JsonHistorySpan> } = pointToJson(point);
        return csvRow([timeOf(point.time), value, span.count, span.min, span.max, span.mean]);
      });
      yield rows.join('');
      after = page.next;
    }
    return;
  }
  yield csvRow(['time', 'count', 'min', 'max', 'mean', 'last']);
  for (let from: number | undefined = asked.from; from !== undefined; ) {
    const page = await history.buckets({ ...asked, ...spans, from, limit: atOnce });
    const rows = page.buckets.map((bucket) => {
      const { count, min, max, mean, last } = bucketToJson(bucket);
      return csvRow([timeOf(bucket.time), count, min, max, mean, last]);
    });
    yield rows.join('');
    from = page.next;
  }
}

/** RFC 3339, in UTC or with the offset of a zone. */
function timeText(zone: string | undefined): (time: number) => string {
  if (zone === undefined) return (time) => new Date(time).toISOString();
  const offsetAt = zoneOffset(zone);
  return (time) => {
    const minutes = Math.round(offsetAt(time) / 60_000);
    const local = new Date(time + minutes * 60_000).toISOString().slice(0, -1);
    const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
    return `${local}${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
  };
}
