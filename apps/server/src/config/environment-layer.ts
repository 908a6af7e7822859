import { cryptoAdapterVariable, udpAdapterVariable } from '@yaolian/node-runtime';
import { type ConfigMistake, describeWrong, type Layer, suggestion } from './layer.ts';
import { type SettingName, settingNames, settingOf, variableOf } from './settings.ts';

const nameOfVariable = new Map(settingNames.map((name) => [variableOf(name), name]));

/** Variables of the command line tool and of adapters, and the one that names the file. */
const otherVariables = new Set([
  'YAOLIAN_CONFIG',
  'YAOLIAN_URL',
  'YAOLIAN_TOKEN',
  'YAOLIAN_CA',
  udpAdapterVariable,
  cryptoAdapterVariable,
  ...['USER', 'PASSWORD', 'SERVER', 'CA'].map((name) => `YAOLIAN_RA_${name}`),
]);

/** The environment of a process. */
export interface Environment {
  readonly [variable: string]: string | undefined;
  readonly YAOLIAN_CONFIG?: string | undefined;
}

/** Reads YAOLIAN_… variables; others are none of our business. */
export function readEnvironmentLayer(environment: Environment): Layer {
  const values = new Map<SettingName, { value: unknown; from: string }>();
  const mistakes: ConfigMistake[] = [];
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith('YAOLIAN_') || otherVariables.has(variable) || text === undefined) continue;
    const where = `the environment variable ${variable}`;
    const name = nameOfVariable.get(variable);
    if (name === undefined) {
      const hint = suggestion(variable, [...nameOfVariable.keys()], '--help lists all settings');
      mistakes.push({ where, message: `there is no such setting; ${hint}` });
      continue;
    }
    const read = settingOf(name).read(text);
    if (read.ok) values.set(name, { value: read.value, from: where });
    else mistakes.push({ where, message: describeWrong(text, read.error) });
  }
  return { values, mistakes };
}
