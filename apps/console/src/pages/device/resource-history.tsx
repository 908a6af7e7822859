import { routes } from '@yaolian/contract';
import { formatNumber } from '../../platform/format.ts';
import { nodeText } from '../../platform/node-text.ts';
import { useChoice } from '../../platform/router.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { withUnits } from '../../platform/units.ts';
import { spans } from '../../ui/course.ts';
import { HistoryChart } from '../../ui/history-chart.tsx';
import type { DeviceData } from './device-data.ts';

interface ResourceHistoryProps {
  readonly data: Pick<DeviceData, 'device' | 'live'>;
  readonly path: string;
  readonly name: string;
  readonly units: string | undefined;
}

const nothing = { times: [], values: [] };

/** The course of a resource that is a number or a switch. */
export function ResourceHistory({ data: { device, live }, path, name, units }: ResourceHistoryProps) {
  const t = useText();
  const [span, setSpan] = useChoice('span', spans);
  const value = live.get(path);
  const isSwitch = typeof (live.known(path)?.value ?? singleOf(value?.resource)) === 'boolean';
  const text = (number: number) => {
    if (isSwitch) return t(number === 1 ? 'common.yes' : 'common.no');
    return withUnits(formatNumber(number), units);
  };
  return (
    <HistoryChart
      subject={`${device}${path}`}
      load={(asked, signal) => call(routes.showHistory, { params: { device }, query: { path, ...asked }, signal })}
      live={live.series(path) ?? nothing}
      isSwitch={isSwitch}
      text={text}
      label={(count) => t('plot.label', { name, count, value: value ? nodeText(value.resource) : '' })}
      empty={t('plot.empty')}
      span={span}
      onSpan={setSpan}
    />
  );
}

function singleOf(resource: object | undefined): unknown {
  return resource !== undefined && 'value' in resource ? resource.value : undefined;
}
