/** RFC 8428 §6, table 4. */
export const Label = {
  BaseVersion: -1,
  BaseName: -2,
  BaseTime: -3,
  BaseValue: -5,
  BaseSum: -6,
  Name: 0,
  Value: 2,
  StringValue: 3,
  BooleanValue: 4,
  Sum: 5,
  Time: 6,
  DataValue: 8,
} as const;

/** OMA-TS-LightweightM2M_Core 1.1 §7.4.5: the label of object links, a text as it has no number. */
export const objectLinkLabel = 'vlo';
