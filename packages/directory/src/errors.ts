import { errorCatalogue } from '@yaolian/kernel';

/** Everything that this package throws or rejects with on purpose. */
export const directoryErrors = errorCatalogue({
  SETTING_UNREADABLE: (name: string, found: string, right: string) =>
    `the stored setting ${name} is ${found}; it can be: ${right}`,
  OPERATOR_NAME_INVALID: (name: string) =>
    `"${name}" cannot be the name of an operator: 1 to 64 of a-z, 0-9, ".", "_", "-", starting with a letter or digit`,
  OPERATOR_EXISTS: (name: string) => `there is an operator "${name}" already`,
  OPERATOR_UNKNOWN: (name: string) => `there is no operator "${name}"`,
  PASSWORD_UNFIT: (least: number, most: number) => `a password has ${least} to ${most} characters`,
  CODE_UNFIT: () => 'a verification code has 6 to 64 letters and digits',
  NAME_UNFIT: (length: number, groups: number) =>
    `names and groups have at most ${length} characters, and there are at most ${groups} groups`,
  FEATURE_UNFIT: (feature: string) =>
    `"${feature}" is no feature: 1 to 255 characters without spaces, with "*" only at the end`,
  ROLE_TOO_HIGH: (asked: string, held: string) => `a token cannot have the role ${asked}: its operator is ${held}`,
});
