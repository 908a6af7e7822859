/** Units of SenML (RFC 8428 §12.1) and of the registry, as people write them. */
const units: Readonly<Record<string, string>> = {
  Cel: '°C',
  Far: '°F',
  '%RH': '%',
  '/100': '%',
  '/': '',
  lx: 'lx',
  degC: '°C',
  lat: '°',
  lon: '°',
  deg: '°',
};

export function unitText(unit = ''): string {
  return units[unit] ?? unit;
}

/** A value with its unit as people write it. */
export function withUnits(text: string, units: string | undefined): string {
  return `${text} ${unitText(units)}`.trim();
}
