// Facts taken from the OMA LwM2M registry by src/generate/main.ts. Do not edit. Copyright notices: see NOTICE.
// Each resource is its id, flags and units, as described in src/table.ts.

import { objectReference } from '../reference.ts';

export * from './core-references.ts';

/** CmdhPolicy (2048) 1.0 */
export const CmdhPolicy = /* @__PURE__ */ objectReference(2048, '1.0', {
  Name: '0 RWs!',
  DefaultRule: '1 RWl!',
  LimiRules: '2 RWlm!',
  NetworkAccessEcRules: '3 RWlm!',
  BufferRules: '4 RWlm!',
});

/** ActiveCmdhPolicy (2049) 1.0 */
export const ActiveCmdhPolicy = /* @__PURE__ */ objectReference(2049, '1.0', {
  ActiveLink: '0 RWl!',
});

/** CmdhDefaults (2050) 1.0 */
export const CmdhDefaults = /* @__PURE__ */ objectReference(2050, '1.0', {
  DefaultEcRules: '0 RWlm!',
  DefaultEcParamRules: '1 RWlm!',
});

/** CmdhDefEcValues (2051) 1.0 */
export const CmdhDefEcValues = /* @__PURE__ */ objectReference(2051, '1.0', {
  Order: '0 RWi!',
  DefEcValue: '1 RWs!',
  RequestOrigin: '2 RWsm!',
  RequestContext: '3 RWs',
  RequestContextNotification: '4 RWb',
  RequestCharacteristics: '5 RWs',
});

/** CmdhEcDefParamValues (2052) 1.0 */
export const CmdhEcDefParamValues = /* @__PURE__ */ objectReference(2052, '1.0', {
  ApplicableEventCategory: '0 RWim!',
  DefaultRequestExpTime: '1 RWi! ms',
  DefaultResultExpTime: '2 RWi! ms',
  DefaultOpExecTime: '3 RWi! ms',
  DefaultRespPersistence: '4 RWi! ms',
  DefaultDelAggregation: '5 RWi! ms',
});

/** CmdhLimits (2053) 1.0 */
export const CmdhLimits = /* @__PURE__ */ objectReference(2053, '1.0', {
  Order: '0 RWi!',
  RequestOrigin: '1 RWsm!',
  RequestContext: '2 RWs',
  RequestContextNotificatio: '3 RWb',
  RequestCharacteristics: '4 RWs',
  LimitsEventCategory: '5 RWim!',
  LimitsRequestExpTime: '6 RWim! ms',
  LimitsResultExpTime: '7 RWim! ms',
  LimitsOptExpTime: '8 RWim! ms',
  LimitsRespPersistence: '9 RWim! ms',
  LimitsDelAggregation: '10 RWsm!',
});

/** CmdhNetworkAccessRules (2054) 1.0 */
export const CmdhNetworkAccessRules = /* @__PURE__ */ objectReference(2054, '1.0', {
  ApplicableEventCategories: '0 RWim!',
  NetworkAccessRule: '1 RWlm',
});

/** CmdhNwAccessRule (2055) 1.0 */
export const CmdhNwAccessRule = /* @__PURE__ */ objectReference(2055, '1.0', {
  TargetNetwork: '0 RWsm!',
  SpreadingWaitTime: '1 RWi! ms',
  MinReqVolume: '2 RWi! B',
  BackOffParameters: '3 RWl!',
  OtherConditions: '4 RWs!',
  AllowedSchedule: '5 RWsm!',
});

/** CmdhBuffer (2056) 1.0 */
export const CmdhBuffer = /* @__PURE__ */ objectReference(2056, '1.0', {
  ApplicableEventCategory: '0 RWim!',
  MaxBufferSize: '1 RWi! B',
  StoragePriority: '2 RWi!',
});

/** CmdhBackOffParametersSet (2057) 1.0 */
export const CmdhBackOffParametersSet = /* @__PURE__ */ objectReference(2057, '1.0', {
  NetworkAction: '0 RWi',
  InitialBackoffTime: '1 RWi! ms',
  AdditionalBackoffTime: '2 RWi! ms',
  MaximumBackoffTime: '3 RWi! ms',
  OptionalRandomBackoffTime: '4 RWim ms',
});

/** Digital Input (3200) 1.1 */
export const DigitalInput = /* @__PURE__ */ objectReference(3200, '1.1', {
  DigitalInputState: '5500 Rb!',
  DigitalInputCounter: '5501 Ri',
  DigitalInputPolarity: '5502 RWb',
  DigitalInputDebounce: '5503 RWi ms',
  DigitalInputEdgeSelection: '5504 RWi',
  DigitalInputCounterReset: '5505 E',
  Timestamp: '5518 Rt',
  ApplicationType: '5750 RWs',
  SensorType: '5751 Rs',
  FractionalTimestamp: '6050 Rf s',
});

/** Digital Output (3201) 1.1 */
export const DigitalOutput = /* @__PURE__ */ objectReference(3201, '1.1', {
  Timestamp: '5518 Rt',
  DigitalOutputState: '5550 RWb!',
  DigitalOutputPolarity: '5551 RWb',
  ApplicationType: '5750 RWs',
  FractionalTimestamp: '6050 Rf s',
});

/** Analog Input (3202) 1.1 */
export const AnalogInput = /* @__PURE__ */ objectReference(3202, '1.1', {
  Timestamp: '5518 Rt',
  AnalogInputCurrentValue: '5600 Rf!',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  ApplicationType: '5750 RWs',
  SensorType: '5751 Rs',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Analog Output (3203) 1.1 */
export const AnalogOutput = /* @__PURE__ */ objectReference(3203, '1.1', {
  Timestamp: '5518 Rt',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  AnalogOutputCurrentValue: '5650 RWf!',
  ApplicationType: '5750 RWs',
  FractionalTimestamp: '6050 Rf s',
});

/** Generic Sensor (3300) 1.1 */
export const GenericSensor = /* @__PURE__ */ objectReference(3300, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  SensorType: '5751 Rs',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Illuminance (3301) 1.1 */
export const Illuminance = /* @__PURE__ */ objectReference(3301, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Presence (3302) 1.1 */
export const Presence = /* @__PURE__ */ objectReference(3302, '1.1', {
  DigitalInputState: '5500 Rb!',
  DigitalInputCounter: '5501 Ri',
  DigitalInputCounterReset: '5505 E',
  Timestamp: '5518 Rt',
  ApplicationType: '5750 RWs',
  SensorType: '5751 Rs',
  BusyToClearDelay: '5903 RWi ms',
  ClearToBusyDelay: '5904 RWi ms',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Temperature (3303) 1.1 */
export const Temperature = /* @__PURE__ */ objectReference(3303, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Humidity (3304) 1.1 */
export const Humidity = /* @__PURE__ */ objectReference(3304, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Power Measurement (3305) 1.1 */
export const PowerMeasurement = /* @__PURE__ */ objectReference(3305, '1.1', {
  Timestamp: '5518 Rt',
  ResetMinAndMaxMeasuredValues: '5605 E',
  ApplicationType: '5750 RWs',
  InstantaneousActivePower: '5800 Rf! W',
  MinMeasuredActivePower: '5801 Rf W',
  MaxMeasuredActivePower: '5802 Rf W',
  MinRangeActivePower: '5803 Rf W',
  MaxRangeActivePower: '5804 Rf W',
  CumulativeActivePower: '5805 Rf Wh',
  ActivePowerCalibration: '5806 Wf W',
  InstantaneousReactivePower: '5810 Rf var',
  MinMeasuredReactivePower: '5811 Rf var',
  MaxMeasuredReactivePower: '5812 Rf var',
  MinRangeReactivePower: '5813 Rf var',
  MaxRangeReactivePower: '5814 Rf var',
  CumulativeReactivePower: '5815 Rf varh',
  ReactivePowerCalibration: '5816 Wf var',
  PowerFactor: '5820 Rf',
  CurrentCalibration: '5821 RWf',
  ResetCumulativeEnergy: '5822 E',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Actuation (3306) 1.1 */
export const Actuation = /* @__PURE__ */ objectReference(3306, '1.1', {
  Timestamp: '5518 Rt',
  ApplicationType: '5750 RWs',
  OnOff: '5850 RWb!',
  Dimmer: '5851 RWi /100',
  OnTime: '5852 RWi s',
  MultiStateOutput: '5853 RWs',
  FractionalTimestamp: '6050 Rf s',
});

/** Set Point (3308) 1.1 */
export const SetPoint = /* @__PURE__ */ objectReference(3308, '1.1', {
  Timestamp: '5518 Rt',
  SensorUnits: '5701 Rs',
  Colour: '5706 RWs',
  ApplicationType: '5750 RWs',
  SetPointValue: '5900 RWf!',
  FractionalTimestamp: '6050 Rf s',
});

/** Load Control (3310) 1.1 */
export const LoadControl = /* @__PURE__ */ objectReference(3310, '1.1', {
  Timestamp: '5518 Rt',
  ApplicationType: '5750 RWs',
  EventIdentifier: '5823 RWs!',
  StartTime: '5824 RWt!',
  DurationInMin: '5825 RWi! min',
  CriticalityLevel: '5826 RWi',
  AvgLoadAdjPct: '5827 RWi /100',
  DutyCycle: '5828 RWi /100',
  FractionalTimestamp: '6050 Rf s',
});

/** Light Control (3311) 1.0 */
export const LightControl = /* @__PURE__ */ objectReference(3311, '1.0', {
  SensorUnits: '5701 Rs',
  Colour: '5706 RWs',
  ApplicationType: '5750 RWs',
  CumulativeActivePower: '5805 Rf Wh',
  PowerFactor: '5820 Rf',
  OnOff: '5850 RWb!',
  Dimmer: '5851 RWi /100',
  OnTime: '5852 RWi s',
});

/** Power Control (3312) 1.1 */
export const PowerControl = /* @__PURE__ */ objectReference(3312, '1.1', {
  Timestamp: '5518 Rt',
  ApplicationType: '5750 RWs',
  CumulativeActivePower: '5805 Rf Wh',
  PowerFactor: '5820 Rf',
  OnOff: '5850 RWb!',
  Dimmer: '5851 RWi /100',
  OnTime: '5852 RWi s',
  FractionalTimestamp: '6050 Rf s',
});

/** Accelerometer (3313) 1.1 */
export const Accelerometer = /* @__PURE__ */ objectReference(3313, '1.1', {
  Timestamp: '5518 Rt',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  SensorUnits: '5701 Rs',
  XValue: '5702 Rf!',
  YValue: '5703 Rf',
  ZValue: '5704 Rf',
  ApplicationType: '5750 RWs',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Magnetometer (3314) 1.1 */
export const Magnetometer = /* @__PURE__ */ objectReference(3314, '1.1', {
  Timestamp: '5518 Rt',
  SensorUnits: '5701 Rs',
  XValue: '5702 Rf!',
  YValue: '5703 Rf',
  ZValue: '5704 Rf',
  CompassDirection: '5705 Rf deg',
  ApplicationType: '5750 RWs',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Barometer (3315) 1.1 */
export const Barometer = /* @__PURE__ */ objectReference(3315, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Voltage (3316) 1.1 */
export const Voltage = /* @__PURE__ */ objectReference(3316, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Current (3317) 1.1 */
export const Current = /* @__PURE__ */ objectReference(3317, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Frequency (3318) 1.1 */
export const Frequency = /* @__PURE__ */ objectReference(3318, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Depth (3319) 1.1 */
export const Depth = /* @__PURE__ */ objectReference(3319, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Percentage (3320) 1.1 */
export const Percentage = /* @__PURE__ */ objectReference(3320, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Altitude (3321) 1.1 */
export const Altitude = /* @__PURE__ */ objectReference(3321, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Load (3322) 1.1 */
export const Load = /* @__PURE__ */ objectReference(3322, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Pressure (3323) 1.1 */
export const Pressure = /* @__PURE__ */ objectReference(3323, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Loudness (3324) 1.1 */
export const Loudness = /* @__PURE__ */ objectReference(3324, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Concentration (3325) 1.1 */
export const Concentration = /* @__PURE__ */ objectReference(3325, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Acidity (3326) 1.1 */
export const Acidity = /* @__PURE__ */ objectReference(3326, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Conductivity (3327) 1.1 */
export const Conductivity = /* @__PURE__ */ objectReference(3327, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Power (3328) 1.1 */
export const Power = /* @__PURE__ */ objectReference(3328, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Power Factor (3329) 1.1 */
export const PowerFactor = /* @__PURE__ */ objectReference(3329, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Distance (3330) 1.1 */
export const Distance = /* @__PURE__ */ objectReference(3330, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Energy (3331) 1.1 */
export const Energy = /* @__PURE__ */ objectReference(3331, '1.1', {
  Timestamp: '5518 Rt',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  ResetCumulativeEnergy: '5822 E',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Direction (3332) 1.1 */
export const Direction = /* @__PURE__ */ objectReference(3332, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  CompassDirection: '5705 Rf! deg',
  ApplicationType: '5750 RWs',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Time (3333) 1.1 */
export const Time = /* @__PURE__ */ objectReference(3333, '1.1', {
  CurrentTime: '5506 RWt!',
  FractionalTime: '5507 RWf s',
  ApplicationType: '5750 RWs',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
});

/** Gyrometer (3334) 1.1 */
export const Gyrometer = /* @__PURE__ */ objectReference(3334, '1.1', {
  MinXValue: '5508 Rf',
  MaxXValue: '5509 Rf',
  MinYValue: '5510 Rf',
  MaxYValue: '5511 Rf',
  MinZValue: '5512 Rf',
  MaxZValue: '5513 Rf',
  Timestamp: '5518 Rt',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorUnits: '5701 Rs',
  XValue: '5702 Rf!',
  YValue: '5703 Rf',
  ZValue: '5704 Rf',
  ApplicationType: '5750 RWs',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Colour (3335) 1.1 */
export const Colour = /* @__PURE__ */ objectReference(3335, '1.1', {
  Timestamp: '5518 Rt',
  SensorUnits: '5701 Rs',
  Colour: '5706 RWs!',
  ApplicationType: '5750 RWs',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Location (3336) 2.0 */
export const Location3336 = /* @__PURE__ */ objectReference(3336, '2.0', {
  Velocity: '5517 Ro',
  Timestamp: '5518 Rt',
  CompassDirection: '5705 Rf deg',
  ApplicationType: '5750 RWs',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
  NumericLatitude: '6051 Rf! lat',
  NumericLongitude: '6052 Rf! lon',
  NumericUncertainty: '6053 Rf m',
});

/** Positioner (3337) 1.1 */
export const Positioner = /* @__PURE__ */ objectReference(3337, '1.1', {
  Timestamp: '5518 Rt',
  MinLimit: '5519 Rf',
  MaxLimit: '5520 Rf',
  CurrentPosition: '5536 RWf! /100',
  TransitionTime: '5537 RWf s',
  RemainingTime: '5538 Rf s',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  ApplicationType: '5750 RWs',
  FractionalTimestamp: '6050 Rf s',
});

/** Buzzer (3338) 1.1 */
export const Buzzer = /* @__PURE__ */ objectReference(3338, '1.1', {
  Timestamp: '5518 Rt',
  DelayDuration: '5521 RWf s',
  MinimumOffTime: '5525 RWf! s',
  Level: '5548 RWf /100',
  ApplicationType: '5750 RWs',
  OnOff: '5850 RWb!',
  FractionalTimestamp: '6050 Rf s',
});

/** Audio Clip (3339) 1.0 */
export const AudioClip = /* @__PURE__ */ objectReference(3339, '1.0', {
  Clip: '5522 RWo!',
  Trigger: '5523 E',
  Duration: '5524 RWf s',
  Level: '5548 RWf /100',
  ApplicationType: '5750 RWs',
});

/** Timer (3340) 1.0 */
export const Timer = /* @__PURE__ */ objectReference(3340, '1.0', {
  DigitalInputCounter: '5501 Ri',
  DelayDuration: '5521 RWf! s',
  Trigger: '5523 E',
  MinimumOffTime: '5525 RWf s',
  TimerMode: '5526 RWi',
  Counter: '5534 RWi',
  RemainingTime: '5538 Rf s',
  DigitalState: '5543 Rb',
  CumulativeTime: '5544 RWf s',
  ApplicationType: '5750 RWs',
  OnOff: '5850 RWb',
});

/** Addressable Text Display (3341) 1.0 */
export const AddressableTextDisplay = /* @__PURE__ */ objectReference(3341, '1.0', {
  Text: '5527 RWs!',
  XCoordinate: '5528 RWi',
  YCoordinate: '5529 RWi',
  ClearDisplay: '5530 E',
  Contrast: '5531 RWf /100',
  MaxXCoordinate: '5545 Ri',
  MaxYCoordinate: '5546 Ri',
  Level: '5548 RWf /100',
  ApplicationType: '5750 RWs',
});

/** On/Off switch (3342) 1.1 */
export const OnOffSwitch = /* @__PURE__ */ objectReference(3342, '1.1', {
  DigitalInputState: '5500 Rb!',
  DigitalInputCounter: '5501 Ri',
  Timestamp: '5518 Rt',
  ApplicationType: '5750 RWs',
  OnTime: '5852 RWi s',
  OffTime: '5854 RWi s',
  FractionalTimestamp: '6050 Rf s',
});

/** Dimmer (3343) 1.0 */
export const Dimmer = /* @__PURE__ */ objectReference(3343, '1.0', {
  Level: '5548 RWf! /100',
  ApplicationType: '5750 RWs',
  OnTime: '5852 RWi s',
  OffTime: '5854 RWi s',
});

/** Up/Down Control (3344) 1.0 */
export const UpDownControl = /* @__PURE__ */ objectReference(3344, '1.0', {
  IncreaseInputState: '5532 Rb!',
  DecreaseInputState: '5533 Rb!',
  UpCounter: '5541 RWi',
  DownCounter: '5542 RWi',
  ApplicationType: '5750 RWs',
});

/** Multiple Axis Joystick (3345) 1.0 */
export const MultipleAxisJoystick = /* @__PURE__ */ objectReference(3345, '1.0', {
  DigitalInputState: '5500 Rb',
  DigitalInputCounter: '5501 Ri',
  XValue: '5702 Rf',
  YValue: '5703 Rf',
  ZValue: '5704 Rf',
  ApplicationType: '5750 RWs',
});

/** Rate (3346) 1.1 */
export const Rate = /* @__PURE__ */ objectReference(3346, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Push button (3347) 1.1 */
export const PushButton = /* @__PURE__ */ objectReference(3347, '1.1', {
  DigitalInputState: '5500 Rb!',
  DigitalInputCounter: '5501 Ri',
  Timestamp: '5518 Rt',
  ApplicationType: '5750 RWs',
  FractionalTimestamp: '6050 Rf s',
});

/** Multi-state Selector (3348) 1.1 */
export const MultiStateSelector = /* @__PURE__ */ objectReference(3348, '1.1', {
  Timestamp: '5518 Rt',
  MultiStateInput: '5547 Ri!',
  ApplicationType: '5750 RWs',
  FractionalTimestamp: '6050 Rf s',
});

/** Bitmap (3349) 1.1 */
export const Bitmap = /* @__PURE__ */ objectReference(3349, '1.1', {
  Timestamp: '5518 Rt',
  ApplicationType: '5750 RWs',
  BitmapInput: '5910 Ri!',
  BitmapInputReset: '5911 E',
  ElementDescription: '5912 RWsm',
  FractionalTimestamp: '6050 Rf s',
});

/** Stopwatch (3350) 1.1 */
export const Stopwatch = /* @__PURE__ */ objectReference(3350, '1.1', {
  DigitalInputCounter: '5501 Ri',
  Timestamp: '5518 Rt',
  CumulativeTime: '5544 RWf! s',
  ApplicationType: '5750 RWs',
  OnOff: '5850 RWb',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** powerupLog (3351) 1.0 */
export const PowerupLog = /* @__PURE__ */ objectReference(3351, '1.0', {
  DeviceName: '0 Rs!',
  ToolVersion: '1 Rs!',
  Imei: '2 Rs!',
  Imsi: '3 Rs!',
  Msisdn: '4 Rs!',
});

/** plmnSearchEvent (3352) 1.0 */
export const PlmnSearchEvent = /* @__PURE__ */ objectReference(3352, '1.0', {
  TimeScanStart: '0 Ri!',
  PlmnId: '6030 Ri!',
  BandIndicator: '6031 Ri!',
  DlEarfcn: '6032 Ri!',
});

/** scellID (3353) 1.0 */
export const ScellId = /* @__PURE__ */ objectReference(3353, '1.0', {
  TrackingAreaCode: '2 Ri!',
  PlmnId: '6030 Ri!',
  BandIndicator: '6031 Ri!',
  CellId: '6033 Ri!',
});

/** cellReselectionEvent (3354) 1.0 */
export const CellReselectionEvent = /* @__PURE__ */ objectReference(3354, '1.0', {
  TimeReselectionStart: '0 Ri!',
  FailureType: '3 Ri!',
  DlEarfcn: '6032 Ri!',
  CellId: '6033 Ri!',
});

/** handoverEvent (3355) 1.0 */
export const HandoverEvent = /* @__PURE__ */ objectReference(3355, '1.0', {
  TimeHandoverStart: '0 Ri!',
  HandoverResult: '3 Ri!',
  TargetEarfcn: '4 Ri!',
  TargetPhysicalCellId: '5 Ri!',
  TargetCellRsrp: '6 Ri!',
  DlEarfcn: '6032 Ri!',
  CellId: '6033 Ri!',
});

/** radioLinkFailureEvent (3356) 1.0 */
export const RadioLinkFailureEvent = /* @__PURE__ */ objectReference(3356, '1.0', {
  TimeRlf: '0 Ri!',
  RlfCause: '1 Ri!',
});

/** rrcStateChangeEvent (3357) 1.0 */
export const RrcStateChangeEvent = /* @__PURE__ */ objectReference(3357, '1.0', {
  RrcState: '0 Ri!',
  RrcStateChangeCause: '1 Ri!',
});

/** rrcTimerExpiryEvent (3358) 1.0 */
export const RrcTimerExpiryEvent = /* @__PURE__ */ objectReference(3358, '1.0', {
  RrcTimerExpiryEvent: '0 Ri!',
});

/** cellBlacklistEvent (3359) 1.0 */
export const CellBlacklistEvent = /* @__PURE__ */ objectReference(3359, '1.0', {
  DlEarfcn: '6032 Ri!',
  CellId: '6033 Ri!',
});

/** esmContextInfo (3360) 1.0 */
export const EsmContextInfo = /* @__PURE__ */ objectReference(3360, '1.0', {
  ContextType: '0 Ri!',
  BearerState: '1 Ri!',
  RadioBearerId: '2 Ri!',
  Qci: '3 Ri!',
});

/** emmStateValue (3361) 1.0 */
export const EmmStateValue = /* @__PURE__ */ objectReference(3361, '1.0', {
  EmmState: '0 Ri!',
  EmmSubstate: '1 Ri!',
});

/** nasEmmTimerExpiryEvent (3362) 1.0 */
export const NasEmmTimerExpiryEvent = /* @__PURE__ */ objectReference(3362, '1.0', {
  NasEmmTimerExpiryEvent: '0 Ri!',
});

/** nasEsmExpiryEvent (3363) 1.0 */
export const NasEsmExpiryEvent = /* @__PURE__ */ objectReference(3363, '1.0', {
  NasEsmExpiryEvent: '0 Ri!',
});

/** emmFailureCauseEvent (3364) 1.0 */
export const EmmFailureCauseEvent = /* @__PURE__ */ objectReference(3364, '1.0', {
  EmmCause: '0 Ri!',
});

/** rachLatency_delay (3365) 1.0 */
export const RachLatencyDelay = /* @__PURE__ */ objectReference(3365, '1.0', {
  RachLatencyVal: '2 Ri!',
  Delay: '3 Ri!',
  SysFrameNumber: '6037 Ri!',
  SubFrameNumber: '6038 Ri!',
});

/** macRachAttemptEvent (3366) 1.0 */
export const MacRachAttemptEvent = /* @__PURE__ */ objectReference(3366, '1.0', {
  RachAttemptCounter: '0 Ri!',
  MacRachAttemptEventType: '1 Ri!',
  ContentionBased: '2 Rb!',
  RachMessage: '3 Ri!',
  PreambleIndex: '4 Ri!',
  PreamblePowerOffset: '5 Ri!',
  BackoffTime: '6 Ri!',
  Msg2Result: '7 Rb!',
  TimingAdjustmentValue: '8 Ri!',
});

/** macRachAttemptReasonEvent (3367) 1.0 */
export const MacRachAttemptReasonEvent = /* @__PURE__ */ objectReference(3367, '1.0', {
  MacRachAttemptReasonType: '0 Ri!',
  UeId: '1 Ri!',
  ContentionBased: '2 Rb!',
  Preamble: '3 Ri!',
  PreambleGroupChosen: '4 Rb!',
});

/** macTimerStatusEvent (3368) 1.0 */
export const MacTimerStatusEvent = /* @__PURE__ */ objectReference(3368, '1.0', {
  MacTimerName: '0 Ri!',
});

/** macTimingAdvanceEvent (3369) 1.0 */
export const MacTimingAdvanceEvent = /* @__PURE__ */ objectReference(3369, '1.0', {
  TimerValue: '0 Ri!',
  TimingAdvance: '1 Ri!',
});

/** ServingCellMeasurement (3370) 1.0 */
export const ServingCellMeasurement = /* @__PURE__ */ objectReference(3370, '1.0', {
  DlEarfcn: '6032 Ri!',
  Pci: '6034 Ri!',
  Rsrp: '6035 Ri!',
  Rsrq: '6036 Ri!',
  SysFrameNumber: '6037 Ri!',
  SubFrameNumber: '6038 Ri!',
});

/** NeighborCellMeasurements (3371) 1.0 */
export const NeighborCellMeasurements = /* @__PURE__ */ objectReference(3371, '1.0', {
  DlEarfcn: '6032 Ri!',
  Pci: '6034 Ri!',
  Rsrp: '6035 Ri!',
  Rsrq: '6036 Ri!',
  SysFrameNumber: '6037 Ri!',
  SubFrameNumber: '6038 Ri!',
});

/** TimingAdvance (3372) 1.0 */
export const TimingAdvance = /* @__PURE__ */ objectReference(3372, '1.0', {
  TimingAdvance: '2 Ri!',
  SysFrameNumber: '6037 Ri!',
  SubFrameNumber: '6038 Ri!',
});

/** txPowerHeadroomEvent (3373) 1.0 */
export const TxPowerHeadroomEvent = /* @__PURE__ */ objectReference(3373, '1.0', {
  HeadroomValue: '2 Ri!',
  SysFrameNumber: '6037 Ri!',
  SubFrameNumber: '6038 Ri!',
});

/** radioLinkMonitoring (3374) 1.0 */
export const RadioLinkMonitoring = /* @__PURE__ */ objectReference(3374, '1.0', {
  OutOfSyncCount: '2 Ri!',
  InSyncCount: '3 Ri!',
  T310Timer: '4 Rb!',
  SysFrameNumber: '6037 Ri!',
  SubFrameNumber: '6038 Ri!',
});

/** PagingDRX (3375) 1.0 */
export const PagingDrx = /* @__PURE__ */ objectReference(3375, '1.0', {
  PagingCycle: '2 Ri!',
  DrxNb: '3 Ri!',
  UeId: '4 Ri!',
  DrxSysFrameNumOffset: '5 Ri!',
  DrxSubFrameNumOffset: '6 Ri!',
  DlEarfcn: '6032 Ri!',
  Pci: '6034 Ri!',
});

/** txPowerBackOffEvent (3376) 1.0 */
export const TxPowerBackOffEvent = /* @__PURE__ */ objectReference(3376, '1.0', {
  TxPowerBackoff: '0 Ri!',
});

/** Message3Report (3377) 1.0 */
export const Message3Report = /* @__PURE__ */ objectReference(3377, '1.0', {
  Tpc: '0 Ri!',
  ResourceIndicatorValue: '1 Ri!',
  Cqi: '2 Ri!',
  UplinkDelay: '3 Rb!',
  HoppingEnabled: '4 Rb!',
  NumRb: '5 Ri!',
  TransportBlockSizeIndex: '6 Ri!',
  ModulationType: '7 Ri!',
  RedundancyVersionIndex: '8 Ri!',
});

/** PbchDecodingResults (3378) 1.0 */
export const PbchDecodingResults = /* @__PURE__ */ objectReference(3378, '1.0', {
  ServingCellId: '0 Ri!',
  CrcResult: '1 Rb!',
  SysFrameNumber: '6037 Ri!',
});

/** pucchPowerControl (3379) 1.0 */
export const PucchPowerControl = /* @__PURE__ */ objectReference(3379, '1.0', {
  PucchTxPowerValue: '2 Ri!',
  DlPathLoss: '3 Ri!',
  SysFrameNumber: '6037 Ri!',
  SubFrameNumber: '6038 Ri!',
});

/** PrachReport (3380) 2.0 */
export const PrachReport = /* @__PURE__ */ objectReference(3380, '2.0', {
  RachTxPower: '2 Ri!',
  ZadOffSeqNum: '3 Ri!',
  PrachConfig: '4 Ri!',
  PreambleFormat: '5 Ri!',
  MaxTransmissionMsg3: '6 Ri!',
  RaResponseWindowSize: '7 Ri!',
  RachRequestResult: '8 Rb!',
  CeMode: '9 Ri!',
  CeLevel: '10 Ri!',
  NumPrachRepetition: '11 Ri!',
  PrachRepetitionSeq: '12 Ri!',
  SysFrameNumber: '6037 Ri!',
  SubFrameNumber: '6038 Ri!',
});

/** VolteCallEvent (3381) 1.0 */
export const VolteCallEvent = /* @__PURE__ */ objectReference(3381, '1.0', {
  CallStatus: '0 Ri!',
  CallType: '1 Ri!',
});

/** SipRegistrationEvent (3382) 1.0 */
export const SipRegistrationEvent = /* @__PURE__ */ objectReference(3382, '1.0', {
  RegistrationType: '0 Ri!',
  RegistrationResult: '1 Ri!',
});

/** sipPublishEvent (3383) 1.0 */
export const SipPublishEvent = /* @__PURE__ */ objectReference(3383, '1.0', {
  PublishResult: '0 Ri!',
});

/** sipSubscriptionEvent (3384) 1.0 */
export const SipSubscriptionEvent = /* @__PURE__ */ objectReference(3384, '1.0', {
  EventType: '0 Ri!',
  SubscriptionResult: '1 Ri!',
});

/** volteCallStateChangeEvent (3385) 1.0 */
export const VolteCallStateChangeEvent = /* @__PURE__ */ objectReference(3385, '1.0', {
  CallStatus: '0 Ri!',
  VolteCallStateChangeCause: '1 Ri!',
});

/** VoLTErtpPacketLoss (3386) 1.0 */
export const VoLtErtpPacketLoss = /* @__PURE__ */ objectReference(3386, '1.0', {
  Ssrc: '0 Ri!',
  PacketsLost: '1 Ri!',
});

/** oA Basic Control (3387) 1.0 */
export const OABasicControl = /* @__PURE__ */ objectReference(3387, '1.0', {
  ControlFunctionStatus: '800 Ri!',
  ControlObjectMode: '801 RWi!',
  GhostConfiguration: '802 RWb',
  ControlledApplicationGroupId: '803 RWi!',
  SupersedeHeartbeat: '805 Wu s',
  PushButtonEventConfiguration: '806 RWu!',
  PresenceSensorEventConfiguration: '807 RWu!',
  ActiveControllerList: '811 Rom',
  GhostStatus: '812 Rb!',
  SupersedeHeartbeatTime: '813 RWi! s',
  DocumentaryDescription: '901 RWs',
  DebugModeEnabled: '905 RWb',
  InjectTestEvent: '906 RWu',
  ExecutingObject: '909 RWc!',
  ObjectEnabled: '924 RWb',
  ExecuteInject: '934 E',
  ObjectVersion: '4001 Rs',
});

/** oA Device (3388) 1.0 */
export const OADevice = /* @__PURE__ */ objectReference(3388, '1.0', {
  OemId: '500 Rs',
  OemString: '501 Rs',
  CpuTemperature: '503 Ri! C',
  ExecutingObjects: '504 Rcm!',
  SystemFailureTime: '505 RWu ms',
  DocumentaryDescription: '901 RWs',
  ErrorStatus: '907 Ru!',
  MountingLocation: '908 RWs!',
  TotalEnergyUsage: '910 Ru! Ws',
  ActualPowerUsage: '911 Ru! W',
  AccuracyClass: '912 Rs',
  BmsId: '929 RWu',
  ObjectVersion: '4001 Rs',
});

/** oA Group (3389) 1.0 */
export const OAGroup = /* @__PURE__ */ objectReference(3389, '1.0', {
  ApplicationGroupId: '600 RWu!',
  SecurityGroupId: '601 RWu!',
  IpAddresses: '602 RWom!',
  Members: '603 RWcm!',
  DocumentaryDescription: '901 RWs',
  ObjectVersion: '4001 Rs',
});

/** oA Logical Colour Light-Point Actuator (3390) 1.0 */
export const OALogicalColourLightPointActuator = /* @__PURE__ */ objectReference(3390, '1.0', {
  TargetColourX: '125 Ru!',
  TargetColourY: '126 Ru!',
  ColourChangingTime: '127 RWu! ms',
  ColourTransitionTime: '128 RWu! ms',
  HueStepSize: '129 RWu!',
  SaturationStepSize: '130 RWu!',
  SetColour: '131 Wo!',
  RelativeChangeHue: '132 Wb!',
  StepHue: '133 Wo!',
  RelativeChangeSaturation: '134 Wb!',
  StepSaturation: '135 Wo!',
  StopTransition: '136 E!',
  DocumentaryDescription: '901 RWs',
  RecallScene: '902 RWu!',
  ApplicationGroupId: '903 RWu!',
  StatusResendTime: '904 RWu! s',
  DebugModeEnabled: '905 RWb',
  InjectTestEvent: '906 RWu',
  ExecutingObject: '909 RWc!',
  StatusReportStructureId: '919 RWu!',
  Priority: '921 RWu!',
  SceneCache: '922 RWom',
  ObjectEnabled: '924 RWb',
  ExecuteInject: '934 E',
  ObjectVersion: '4001 Rs',
});

/** oA Logical Colour Temperature Light-Point Actuator (3391) 1.0 */
export const OALogicalColourTemperatureLightPointActuator = /* @__PURE__ */ objectReference(3391, '1.0', {
  ColourTemperatureChangingTime: '139 RWu! ms',
  ColourTemperatureTransitionTime: '140 RWu! ms',
  ColourTemperatureStepSize: '141 RWu! K',
  SetColourTemperature: '142 Wo!',
  RelativeChangeColourTemperature: '143 Wb!',
  StopTransition: '144 E!',
  StepColourTemperature: '145 Wo!',
  TargetColourTemperature: '146 Ru! K',
  DocumentaryDescription: '901 RWs',
  RecallScene: '902 Wu!',
  ApplicationGroupId: '903 RWu!',
  StatusResendTime: '904 RWu! s',
  DebugModeEnabled: '905 RWb',
  InjectTestEvent: '906 Wu',
  ExecutingObject: '909 RWc!',
  StatusReportStructureId: '919 RWu!',
  Priority: '921 RWu!',
  SceneCache: '922 RWom',
  ObjectEnabled: '924 RWb',
  ExecuteTestInjection: '934 E',
  ObjectVersion: '4001 Rs',
});

/** oA Logical Illuminance Sensor (3392) 1.0 */
export const OALogicalIlluminanceSensor = /* @__PURE__ */ objectReference(3392, '1.0', {
  LessThan: '400 RWu lx',
  GreaterThan: '401 RWu lx',
  Step: '402 RWu lx',
  MinimumUpdateInterval: '403 RWu! s',
  SensorValue: '404 Ru! lx',
  DocumentaryDescription: '901 RWs',
  ApplicationGroupId: '903 RWu!',
  StatusResendTime: '904 RWu! s',
  DebugModeEnabled: '905 RWb',
  InjectTestEvent: '906 Wu',
  ExecutingObject: '909 RWc!',
  StatusReportStructureId: '919 RWu!',
  ObjectEnabled: '924 RWb',
  ObjectEnabled934: '934 E',
  ObjectVersion: '4001 Rs',
});

/** oA Logical Light-Point Actuator (3393) 1.0 */
export const OALogicalLightPointActuator = /* @__PURE__ */ objectReference(3393, '1.0', {
  TargetOnOff: '100 Rb!',
  TargetIntensity: '101 Rf!',
  DimmingTime: '106 RWu! ms',
  TransitionTime: '108 RWu! ms',
  StepSize: '109 RWf!',
  Switch: '117 Wo!',
  Dim: '118 Wb!',
  StopTransition: '119 E!',
  Step: '120 Wo!',
  DocumentaryDescription: '901 RWs',
  RecallScene: '902 RWu!',
  ApplicationGroupId: '903 RWu!',
  StatusResendTime: '904 RWu! s',
  DebugModeEnabled: '905 RWb',
  InjectTestEvent: '906 Wu',
  ExecutingObject: '909 RWc!',
  StatusReportStructureId: '919 RWu!',
  Priority: '921 RWu!',
  SceneCache: '922 RWom',
  ObjectEnabled: '924 RWb',
  ObjectEnabled934: '934 E',
  ObjectVersion: '4001 Rs',
});

/** oA Logical Presence Sensor (3394) 1.0 */
export const OALogicalPresenceSensor = /* @__PURE__ */ objectReference(3394, '1.0', {
  DocumentaryDescription: '901 RWs',
  ApplicationGroupId: '903 RWu!',
  StatusResendTime: '904 RWu! s',
  DebugModeEnabled: '905 RWb',
  InjectTestEvent: '906 Wb',
  ExecutingObject: '909 RWc!',
  StatusReportStructureId: '919 RWu!',
  ObjectEnabled: '924 RWb',
  ObjectEnabled934: '934 E',
  ObjectVersion: '4001 Rs',
  DigitalInputState: '5500 Rb!',
  BusyToClearDelay: '5903 RWi ms',
  ClearToBusyDelay: '5904 RWi ms',
});

/** oA Logical Push-Button Sensor (3395) 1.0 */
export const OALogicalPushButtonSensor = /* @__PURE__ */ objectReference(3395, '1.0', {
  PushButtonEventValue: '202 Ru!',
  SingleClickTime: '203 RWu! ms',
  HoldRepeatTime: '204 RWu ms',
  DocumentaryDescription: '901 RWs',
  ApplicationGroupId: '903 RWu!',
  StatusResendTime: '904 RWu! s',
  DebugModeEnabled: '905 RWb',
  InjectTestEvent: '906 Wi',
  ExecutingObject: '909 RWc!',
  StatusReportStructureId: '919 RWu!',
  ObjectEnabled: '924 RWb',
  ObjectEnabled934: '934 E',
  ObjectVersion: '4001 Rs',
});

/** oA Physical Colour Light-Point Actuator (3396) 1.0 */
export const OAPhysicalColourLightPointActuator = /* @__PURE__ */ objectReference(3396, '1.0', {
  CurrentIntensity: '100 Rf!',
  RemainingTransitionTime: '102 Ru! ms',
  PhysicalMinimumIntensity: '103 Rf',
  MinimumIntensity: '104 RWf!',
  MaximumIntensity: '105 RWf!',
  PowerOnBehaviour: '110 RWu',
  PowerOnIntensity: '111 RWf',
  StoredIntensity: '114 Rf',
  SystemFailureIntensity: '115 RWf',
  CurrentColourY: '122 Ru! K',
  CurrentColourX: '123 Ru! K',
  RemainingColourTransitionTime: '124 Ru! ms',
  DocumentaryDescription: '901 RWs',
  ErrorStatus: '907 Ro!',
  MountingLocation: '908 RWs! B',
  TotalEnergyUsage: '910 Ru! Ws',
  ActualPowerUsage: '911 Ru! W',
  AccuracyClass: '912 Rs',
  OperatingHours: '930 Ru! h',
  AdjustedOperatingHours: '931 Ru!',
  ObjectVersion: '4001 Rs',
  OnOff: '5850 RWb!',
});

/** oA Physical Colour Temperature Light-Point Actuator (3397) 1.0 */
export const OAPhysicalColourTemperatureLightPointActuator = /* @__PURE__ */ objectReference(3397, '1.0', {
  CurrentIntensity: '100 Rf!',
  RemainingTransitionTime: '102 Ru! ms',
  PhysicalMinimumIntensity: '103 Rf',
  MinimumIntensity: '104 RWf!',
  MaximumIntensity: '105 RWf!',
  PowerOnBehaviour: '110 RWu',
  PowerOnIntensity: '111 RWf',
  StoredIntensity: '114 Rf',
  SystemFailureIntensity: '115 RWf',
  CurrentColourTemperature: '137 Ru! K',
  RemainingColourTemperatureTransitionTime: '138 Ru! ms',
  PhysicalMinimumColourTemperature: '155 Ru K',
  PhysicalMaximumColourTemperature: '156 Ru K',
  MinimumColourTemperature: '157 Ru K',
  MaximumColourTemperature: '158 Ru K',
  DocumentaryDescription: '901 RWs',
  ErrorStatus: '907 Ru!',
  MountingLocation: '908 RWs!',
  TotalEnergyUsage: '910 Ru! Ws',
  ActualPowerUsage: '911 Ri! W',
  AccuracyClass: '912 Rs',
  OperatingHours: '930 Ru! h',
  AdjustedOperatingHours: '931 Ru!',
  ObjectVersion: '4001 Rs',
  OnOff: '5850 RWb!',
});

/** oA Physical Illuminance Sensor (3398) 1.0 */
export const OAPhysicalIlluminanceSensor = /* @__PURE__ */ objectReference(3398, '1.0', {
  MinRangeValue: '407 Ru lx',
  MaxRangeValue: '408 Ru lx',
  DocumentaryDescription: '901 RWs',
  ErrorStatus: '907 Ru!',
  MountingLocation: '908 RWs!',
  ObjectVersion: '4001 Rs',
});

/** oA Physical Light-Point Actuator (3399) 1.0 */
export const OAPhysicalLightPointActuator = /* @__PURE__ */ objectReference(3399, '1.0', {
  CurrentIntensity: '100 Rf!',
  RemainingTransitionTime: '102 Ru! ms',
  PhysicalMinimumIntensity: '103 Rf',
  MinimumIntensity: '104 RWf!',
  MaximumIntensity: '105 RWf!',
  PowerOnBehaviour: '110 RWu',
  PowerOnIntensity: '111 RWf',
  StoredIntensity: '114 Rf',
  SystemFailureIntensity: '115 RWf',
  DocumentaryDescription: '901 RWs',
  ErrorStatus: '907 Ru!',
  MountingLocation: '908 RWs!',
  TotalEnergyUsage: '910 Ru! Ws',
  ActualPowerUsage: '911 Ru! W',
  AccuracyClass: '912 Rs',
  OperatingHours: '930 Ru! h',
  AdjustedOperatingHours: '931 Ru!',
  ObjectVersion: '4001 Rs',
  OnOff: '5850 RWb!',
});

/** oA Physical Presence Sensor (3400) 1.0 */
export const OAPhysicalPresenceSensor = /* @__PURE__ */ objectReference(3400, '1.0', {
  DocumentaryDescription: '901 RWs',
  ErrorStatus: '907 Ru!',
  MountingLocation: '908 RWs!',
  ObjectVersion: '4001 Rs',
});

/** oA Physical Push-Button Sensor (3401) 1.0 */
export const OAPhysicalPushButtonSensor = /* @__PURE__ */ objectReference(3401, '1.0', {
  PushButtonStatusValue: '201 Ru!',
  DocumentaryDescription: '901 RWs',
  ErrorStatus: '907 Ru!',
  MountingLocation: '908 RWs!',
  ObjectVersion: '4001 Rs',
  DigitalInputPolarity: '5502 RWb!',
  DigitalInputDebounce: '5503 RWi! ms',
});

/** oA Receiving Object (3402) 1.0 */
export const OAReceivingObject = /* @__PURE__ */ objectReference(3402, '1.0', {
  DocumentaryDescription: '901 RWs',
  ExecutingObject: '909 RWc!',
  StatusReport: '923 Wo!',
  ObjectVersion: '4001 Rs',
});

/** oA Reporting Object (3403) 1.0 */
export const OAReportingObject = /* @__PURE__ */ objectReference(3403, '1.0', {
  DocumentaryDescription: '901 RWs',
  ApplicationGroupId: '903 RWu! s',
  StatusResendTime: '904 RWu! s',
  StatusReportStructureId: '919 RWu! s',
  ReportingObjectInstances: '932 RWcm!',
  TargetResource: '933 RWc!',
  ObjectVersion: '4001 Rs',
});

/** oA Scene (3404) 1.0 */
export const OAScene = /* @__PURE__ */ objectReference(3404, '1.0', {
  SceneId: '650 RWu!',
  ApplicationGroupId: '651 RWu!',
  TransitionTime: '652 RWu! ms',
  SceneConfiguration: '653 RWom!',
  ChangeableByUserApi: '655 RWb!',
  DocumentaryDescription: '901 RWs',
  ObjectVersion: '4001 Rs',
});

/** oA OGC-Security (3405) 1.0 */
export const OAOgcSecurity = /* @__PURE__ */ objectReference(3405, '1.0', {
  OgcSecurityId: '0 RWu!',
  AcceptedSenders: '3 RWom!',
  SecretGroupKey: '5 Wo!',
  DocumentaryDescription: '901 RWs',
  ObjectVersion: '4001 Rs',
});

/** oA Status Report Structure (3406) 1.0 */
export const OAStatusReportStructure = /* @__PURE__ */ objectReference(3406, '1.0', {
  StatusReportStructureId: '850 RWu!',
  Keys: '851 RWsm!',
  DocumentaryDescription: '901 RWs',
  ObjectVersion: '4001 Rs',
});

/** Smoke Alarm (3407) 1.0 */
export const SmokeAlarm = /* @__PURE__ */ objectReference(3407, '1.0', {
  BatteryPercentage: '6044 Rf',
  Rssi: '6045 Rf dBW',
  SmokeSensorState: '6046 Rb!',
  DetectedCo2Percentage: '6047 Rf /100',
  AlarmLoudness: '6048 Rf dB',
});

/** Manhole Cover (3408) 1.0 */
export const ManholeCover = /* @__PURE__ */ objectReference(3408, '1.0', {
  SafetyAngleThreshold: '1 Ri! rad',
  ManholeCoverTilt: '2 Ri! rad',
  CoverOpenStatus: '3 Rb!',
});

/** Device Extension (3410) 2.0 */
export const DeviceExtension = /* @__PURE__ */ objectReference(3410, '2.0', {
  GtinModelNumber: '1 Rs',
  ManufacturerIdentifier: '2 Rs!',
  UserGivenName: '3 RWs',
  AssetIdentifier: '4 RWs',
  InstallationDate: '5 RWt',
  SoftwareUpdate: '6 RWb',
  Maintenance: '7 RWb',
  ConfigurationReset: '8 E',
  DeviceOperatingHours: '9 Ri h',
  AdditionalFirmwareInformation: '10 Rs',
  DstStart: '11 RWtm s',
  DstEnd: '12 RWtm',
  DstOffset: '13 RWsm',
  Uptime: '14 Ri s',
  RfdDevice: '15 Rb',
});

/** Battery (3411) 1.1 */
export const Battery = /* @__PURE__ */ objectReference(3411, '1.1', {
  BatteryLevel: '1 Ri! /100',
  BatteryCapacity: '2 Rf Ah',
  BatteryVoltage: '3 Rf V',
  TypeOfBattery: '4 RWs',
  LowBatteryThreshold: '5 RWi /100',
  BatteryLevelTooLow: '6 Rb',
  BatteryShutdown: '7 RWb',
  NumberOfCycles: '8 Ri',
  SupplyLoss: '9 Rb',
  SupplyLossCounter: '10 Ri',
  SupplyLossCounterReset: '11 E',
  SupplyLossReason: '12 Rs',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** LPWAN Communication (3412) 1.0 */
export const LpwanCommunication = /* @__PURE__ */ objectReference(3412, '1.0', {
  TypeOfNetwork: '1 Rs',
  Ipv4Address: '2 RWsm',
  Ipv6Address: '3 RWsm',
  NetworkAddress: '4 RWsm',
  SecondaryNetworkAddress: '5 RWsm',
  MacAddress: '6 RWs!',
  PeerAddress: '7 Rsm',
  MulticastGroupAddress: '8 RWsm',
  MulticastGroupKey: '9 RWsm',
  DataRate: '10 RWi B/s',
  TransmitPower: '11 Rf dBm',
  Frequency: '12 RWf Hz',
  SessionTime: '13 RWt',
  SessionDuration: '14 Rt s',
  MeshNode: '15 RWb',
  MaximumRepeatTime: '16 RWi',
  NumberOfRepeats: '17 Ri',
  SignalToNoiseRatio: '18 Rf dB',
  CommunicationFailure: '19 Rb',
  ReceivedSignalStrengthIndication: '20 Rf dBm',
  Imsi: '21 Rs',
  Imei: '22 Rs',
  CurrentCommunicationOperator: '23 Rs',
  IntegratedCircuitCardIdentifier: '24 Rs',
});

/** uCIFI Generic Actuator (3413) 1.1 */
export const UCifiGenericActuator = /* @__PURE__ */ objectReference(3413, '1.1', {
  DefaultDimmingLevel: '1 RWi /100',
  DimmingLevel: '2 Ri /100',
  Command: '3 RWi /100',
  CommandInAction: '4 Ri /100',
  SchedulerId: '5 RWim',
  InvalidScheduler: '6 Rb',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** uCIFI data bridge (3414) 2.0 */
export const UCifiDataBridge = /* @__PURE__ */ objectReference(3414, '2.0', {
  Payload: '1 RWo!',
  Hash: '2 RWs',
  CumulatedDailyDataVolumeUp: '3 Ri B',
  CumulatedDailyDataVolumeDown: '4 Ri B',
  CumulatedDailyDataVolumeTotal: '5 Ri B',
  CommunicationError: '6 Rb',
  DataPriority: '7 RWi',
  DataCreationTime: '8 RWt',
  DataDescription: '9 RWs',
  DataFormat: '10 RWs',
  AppId: '11 RWi',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Time synchronization (3415) 2.0 */
export const TimeSynchronization = /* @__PURE__ */ objectReference(3415, '2.0', {
  NtpServerAddress: '1 RWs!',
  BackupNtpServerAddress: '2 RWs',
  NtpPeriod: '3 RWi h',
  LastTimeSync: '4 Ri h',
  TimeSyncError: '5 Rb',
});

/** Outdoor lamp controller (3416) 2.0 */
export const OutdoorLampController = /* @__PURE__ */ objectReference(3416, '2.0', {
  Command: '1 RWi! /100',
  CommandInAction: '2 Ri /100',
  DimmingLevel: '3 Ri! /100',
  DefaultDimmingLevel: '4 RWi /100',
  LampFailure: '5 Rb',
  LampFailureReason: '6 Ri',
  ControlGearFailure: '7 Rb',
  ControlGearFailureReason: '8 Ri',
  RelayFailure: '9 Rb',
  DayBurner: '10 Rb',
  CyclingFailure: '11 Rb',
  ControlGearCommunicationFailure: '12 Rb',
  SchedulerId: '13 RWim',
  InvalidScheduler: '14 Rb',
  LampOperatingHours: '15 Rf h',
  LampOperatingHoursReset: '16 E',
  LampOnTimestamp: '17 Rt',
  LampSwitchCounter: '18 Ri',
  LampSwitchCounterReset: '19 E',
  ControlGearStartCounter: '20 Ri',
  ControlGearTemperature: '21 Rf Cel',
  ControlGearThermalDerating: '22 Rb',
  ControlGearThermalDeratingCounter: '23 Ri',
  ControlGearThermalDeratingCounterReset: '24 E',
  ControlGearThermalShutdown: '25 Rb',
  ControlGearThermalShutdownCounter: '26 Ri',
  ControlGearThermalDeratingCounterReset27: '27 E',
  OutputPort: '28 RWi',
  StandbyMode: '29 RWb',
  ConstantLightOutput: '30 RWb',
  CleaningFactorEnabled: '31 RWb',
  CleaningPeriod: '32 RWi',
  InitialLampCleaningFactor: '33 RWi /100',
  LampCleaningDate: '34 RWt',
  ControlType: '35 RWim',
  NominalLampWattage: '36 RWi W',
  MinimumDimmingLevel: '37 RWi /100',
  MinimumLampWattage: '38 RWi W',
  LightColorTemperatureCommand: '39 RWi K',
  ActualLightColorTemperature: '40 Ri K',
  VirtualPowerOutput: '41 RWi /100',
  VoltageAtMaxDimLevel: '42 RWf V',
  VoltageAtMinDimLevel: '43 RWf V',
  LightSourceVoltage: '44 Rf V',
  LightSourceCurrent: '45 Rf A',
  LightSourceActivePower: '46 Rf W',
  LightSourceActiveEnergy: '47 Rf kWh',
  MaximumLightSourceCurrent: '48 RWf A',
  DefaultFadeTime: '49 RWf s',
  ManualOverrideStartTime: '50 RWt',
  ManualOverrideEndTime: '51 RWt',
  ManualOverrideFade: '52 RWf s',
  ManualOverrideDefaultDuration: '53 RWi s',
  ManualOverrideActive: '54 Rb',
  DefaultLightColorTemperature: '55 RWi K',
  DriverOperatingHours: '56 Rf h',
  DriverOperatingHoursReset: '57 E',
  ManufacturerGtin: '58 Rs',
  ManufacturerSerialNumber: '59 Rs',
  FirmwareVersion: '60 Rs',
  DaliVersion: '61 Rs',
  UnitTemperature: '62 Rf Cel',
  DeviceCapabilities: '63 Ri',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Luminaire asset (3417) 1.0 */
export const LuminaireAsset = /* @__PURE__ */ objectReference(3417, '1.0', {
  AssetGtin: '1 Rs!',
  YearOfManufacture: '2 RWi',
  WeekOfManufacture: '3 RWi',
  NominalLightOutput: '4 RWi lm',
  LightDistributionType: '5 RWi',
  LuminaireColor: '6 RWs',
  NominalInputPower: '7 Rf W',
  PowerAtMinimumDimLevel: '8 Rf W',
  NominalMaxAcMainsVoltage: '9 Ri V',
  NominalMinAcMainsVoltage: '10 Ri V',
  Cri: '11 Ri',
  CctValue: '12 Ri K',
  LuminaireIdentification: '13 Rs',
  LuminaireIdentificationNumber: '14 Rs',
});

/** Electrical monitor (3418) 2.0 */
export const ElectricalMonitor = /* @__PURE__ */ objectReference(3418, '2.0', {
  SupplyVoltage: '1 Rf V',
  SupplyCurrent: '2 Rf A',
  Frequency: '3 Rf Hz',
  ActivePower: '4 Rf W',
  PowerFactor: '5 Rf',
  CumulatedActiveEnergy: '6 Rf Wh',
  EnergyReset: '7 E',
  LowPowerFactorThreshold: '8 RWf',
  LowPowerFactor: '9 Rb',
  LowPowerThreshold: '10 RWf W',
  LowPowerThresholdAtLowDimLevel: '11 RWf W',
  LowPower: '12 Rb',
  HighPowerThreshold: '13 RWf W',
  HighPowerThresholdAtLowDimLevel: '14 RWf W',
  HighPower: '15 Rb',
  LowCurrentThreshold: '16 RWf A',
  LowCurrent: '17 Rb',
  HighCurrentThreshold: '18 RWf A',
  HighCurrent: '19 Rb',
  LowVoltageThreshold: '20 RWf V',
  LowVoltage: '21 Rb',
  HighVoltageThreshold: '22 RWf V',
  HighVoltage: '23 Rb',
  CriticalInrushThreshold: '24 RWf A',
  CriticalInrushCurrent: '25 Rb',
  MinimumInrushCurrent: '26 Rf A',
  MaximumInrushCurrent: '27 Rf A',
  LatestInrushCurrent: '28 Rf A',
  ReactivePower: '29 Rf var',
  ReactiveEnergy: '30 Rf varh',
  LowPowerThresholdAtCustomDimLevel: '31 RWfm W',
  HighPowerThresholdAtCustomDimLevel: '32 RWfm W',
  CustomDimLevelMinRange: '33 RWim /100',
  CustomDimLevelMaxRange: '34 RWim /100',
  DimmingLevel: '35 Ri /100',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Photocell (3419) 1.1 */
export const Photocell = /* @__PURE__ */ objectReference(3419, '1.1', {
  OnLuxLevel: '1 RWf lx',
  OffLuxLevel: '2 RWf lx',
  PhotocellStatus: '3 Rb',
  Timestamp: '5518 Rt',
  FractionalTimestamp: '6050 Rf s',
});

/** LED color light (3420) 1.0 */
export const LedColorLight = /* @__PURE__ */ objectReference(3420, '1.0', {
  RgbValue: '1 RWs!',
});

/** Single-phase electrical meter (3421) 2.0 */
export const SinglePhaseElectricalMeter = /* @__PURE__ */ objectReference(3421, '2.0', {
  Voltage: '1 Rf! V',
  LowVoltageThreshold: '2 Rf V',
  LowVoltage: '3 Rb',
  HighVoltageThreshold: '4 Rf V',
  HighVoltage: '5 Rb',
  Current: '6 Rf! A',
  LowCurrentThreshold: '7 Rf A',
  LowCurrent: '8 Rb',
  HighCurrentThreshold: '9 Rf V',
  HighCurrent: '10 Rb',
  Frequency: '11 Rf Hz',
  AngleOfIU: '12 Rf deg',
  InstantaneousPowerFactor: '13 Rf!',
  LowPowerFactorThreshold: '14 Rf',
  LowPowerFactor: '15 Rb',
  ActivePowerQiQiv: '16 Rf! W',
  ActivePowerQiiQiii: '17 Rf W',
  ReactivePowerQiQii: '18 Rf var',
  ReactivePowerQiiiQiv: '19 Rf var',
  InstantaneousApparentPowerImportVa: '20 Rf VA',
  InstantaneousApparentPowerExportVa: '21 Rf VA',
  InstantaneousActivePowerAA: '22 Rf W',
  InstantaneousNetActivePowerAA: '23 Rf W',
  MeasurementPeriodOfInstantaneousValue: '24 Rf s',
  ActiveEnergyImportAUn: '25 Rf! Wh',
  ActiveEnergyExportAUn: '26 Rf Wh',
  ActiveEnergyAACombinedTotal: '27 Rf Wh',
  ActiveEnergyAACombinedTotal28: '28 Rf Wh',
  ReactiveEnergyImportRUn: '29 Rf varh',
  ReactiveEnergyExportRUn: '30 Rf varh',
  ReactiveEnergyQiRiUn: '31 Rf varh',
  ReactiveEnergyQiiRcUn: '32 Rf varh',
  ReactiveEnergyQiiiRiUn: '33 Rf varh',
  ReactiveEnergyQivRcUn: '34 Rf varh',
  ApparentEnergyImportUn: '35 Rf VAh',
  ApparentEnergyExportUn: '36 Rf VAh',
  NumberOfPowerFailures: '37 Rf',
  NumberOfLongPowerFailures: '38 Rf',
  TimeThresholdForLongPowerFailure: '39 RWf s',
  DurationOfLastLongPowerFailure: '40 Rf s',
  ThresholdForVoltageSag: '41 RWf V',
  TimeThresholdForVoltageSag: '42 RWf s',
  NumberOfVoltageSags: '43 Rf',
  DurationOfLastVoltageSag: '44 Rf s',
  MagnitudeOfLastVoltageSag: '45 Rf V',
  ThresholdForVoltageSwell: '46 RWf V',
  TimeThresholdForVoltageSwell: '47 RWf s',
  NumberOfVoltageSwells: '48 Rf',
  DurationOfLastVoltageSwell: '49 Rf s',
  MagnitudeOfLastVoltageSwell: '50 Rf V',
  ThresholdForMissingVoltageVoltageCut: '51 RWf V',
  TimeThresholdForVoltageCut: '52 RWf s',
  VoltageCut: '53 Rb',
  CtNumeratorParameter: '54 RWf',
  CtDenominatorParameter: '55 RWf',
  VtNumeratorParameter: '56 RWf',
  VtDenominatorParameter: '57 RWf',
  UnexpectedLoad: '58 Rb',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Three-phase electrical meter complement (3422) 1.0 */
export const ThreePhaseElectricalMeterComplement = /* @__PURE__ */ objectReference(3422, '1.0', {
  L1L2Voltage: '1 Rf V',
  L2L3Voltage: '2 Rf V',
  L3L1Voltage: '3 Rf V',
  TotalCurrentOfAllThreePhases: '4 Rf! A',
  InstantaneousPowerFactorOverall: '5 Rf',
  LastAveragePowerFactor: '6 Rf',
  MinimumPowerFactor: '7 Rf',
  TotalActivePowerImportOnThe3Lines: '8 Rf! W',
  TotalActivePowerExportOnThe3Lines: '9 Rf W',
  TotalReactivePowerImportOnThe3Lines: '10 Rf! var',
  TotalReactivePowerExportOnThe3Lines: '11 Rf var',
  InstantaneousApparentPowerImport: '12 Rf VA',
  InstantaneousApparentPowerExport: '13 Rf VA',
  InstantaneousActivePower: '14 Rf W',
  InstantaneousNetActivePower: '15 Rf W',
  MeasurementPeriodOfInstantaneousValue: '16 Rf s',
  ActiveEnergyImportUn: '17 Rf! Wh',
  ActiveEnergyExportUn: '18 Rf Wh',
  ActiveEnergyCombinedTotalExport: '19 Rf Wh',
  ActiveEnergyCombinedTotalExport20: '20 Rf Wh',
  ReactiveEnergyImportUn: '21 Rf! varh',
  ReactiveEnergyExportUn: '22 Rf varh',
  ReactiveEnergyQiUn: '23 Rf varh',
  ReactiveEnergyQiiUn: '24 Rf varh',
  ReactiveEnergyQiiiUn: '25 Rf varh',
  ReactiveEnergyQivUn: '26 Rf varh',
  ApparentEnergyImportUn: '27 Rf VAh',
  ApparentEnergyExportUn: '28 Rf VAh',
  NumberOfPowerFailuresInAnyPhase: '29 Ri',
  NumberOfLongPowerFailuresInAnyPhase: '30 Ri',
  TimeThresholdForLongPowerFailure: '31 RWf s',
  DurationOfLastLongPowerFailureInAnyPhase: '32 Rf s',
  ThresholdForMissingVoltageVoltageCut: '33 RWf V',
  TimeThresholdForVoltageCut: '34 RWf s',
  VoltageCut: '35 Rb',
  L1MeterInstance: '36 Ri',
  L2MeterInstance: '37 Ri',
  L3MeterInstance: '38 Ri',
  LowPowerFactorThreshold: '39 RWf',
  LowPowerFactor: '40 Rb',
  ExcessiveLoad: '41 Rb',
  UnexpectedLoad: '42 Rb',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Gas meter (3423) 1.1 */
export const GasMeter = /* @__PURE__ */ objectReference(3423, '1.1', {
  CumulatedGasVolume: '1 Rf! m3',
  CumulatedGasMeterValueReset: '2 E',
  TypeOfMeter: '3 RWs',
  CumulatedPulseValue: '4 Ri',
  CumulatedPulseValueReset: '5 E',
  PulseRatio: '6 RWi',
  MinimumFlowRate: '7 Rf m3/s',
  MaximumFlowRate: '8 Rf m3/s',
  LeakSuspected: '9 Rb',
  LeakDetected: '10 Rb',
  HighTemperature: '11 Rb',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Water meter (3424) 1.1 */
export const WaterMeter = /* @__PURE__ */ objectReference(3424, '1.1', {
  CumulatedWaterVolume: '1 Rf! m3',
  CumulatedWaterMeterValueReset: '2 E',
  TypeOfMeter: '3 RWs',
  CumulatedPulseValue: '4 Ri',
  CumulatedPulseValueReset: '5 E',
  PulseRatio: '6 RWi',
  MinimumFlowRate: '7 Rf m3/s',
  MaximumFlowRate: '8 Rf m3/s',
  LeakSuspected: '9 Rb',
  LeakDetected: '10 Rb',
  BackFlowDetected: '11 Rb',
  BlockedMeter: '12 Rb',
  FraudDetected: '13 Rb',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Irrigation valve (3425) 1.1 */
export const IrrigationValve = /* @__PURE__ */ objectReference(3425, '1.1', {
  DefaultStatus: '1 RWi /100',
  Status: '2 Ri /100',
  Command: '3 RWi /100',
  CommandInAction: '4 Ri /100',
  SchedulerId: '5 RWim',
  InvalidScheduler: '6 Rb',
  Timestamp: '5518 Rt',
  FractionalTimestamp: '6050 Rf s',
});

/** Water quality sensor (3426) 1.1 */
export const WaterQualitySensor = /* @__PURE__ */ objectReference(3426, '1.1', {
  PH: '1 Rf',
  Chlorine: '2 Rf ppm',
  RedoxOrOrp: '3 Rf V',
  TotalDissolvedGasOrTdg: '4 Rf ppm',
  DissolvedOxygen: '5 Rf ppm',
  Turbidity: '6 Rf NTU',
  Conductivity: '7 Rf S/m',
  Conductance: '8 Rf S/m',
  TotalSuspendedSolids: '9 Rf mg/l',
  TotalDissolvedSolids: '10 Rf mg/l',
  Salinity: '11 Rf ppt',
  No3: '12 Rf mg/l',
  Nh3: '13 Rf mg/l',
  Nh4: '14 Rf mg/l',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Pressure monitoring sensor (3427) 1.1 */
export const PressureMonitoringSensor = /* @__PURE__ */ objectReference(3427, '1.1', {
  Pressure: '1 Rf! Pa',
  SamplingPeriod: '2 RWi s',
  LeakDetected: '3 Rb',
  HammerEffectDetected: '4 Rb',
  MinimumMeasuredPressureValue: '5 Rf Pa',
  MaximumMeasuredPressureValue: '6 Rf Pa',
  MinimumRangePressureValue: '7 Rf Pa',
  MaximumRangePressureValue: '8 Rf Pa',
  ResetMinAndMaxMeasuredPressureValues: '9 E',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Air quality (3428) 2.0 */
export const AirQuality = /* @__PURE__ */ objectReference(3428, '2.0', {
  Pm10: '1 Rf ug/m3',
  Pm1024HourAverage: '2 Rf ug/m3',
  Pm25: '3 Rf ug/m3',
  Pm2524HourAverage: '4 Rf ug/m3',
  Pm1: '5 Rf ug/m3',
  Pm124HourAverage: '6 Rf ug/m3',
  Co: '7 Rf ppm',
  Co8HourAverage: '8 Rf ppm',
  So2: '9 Rf ppm',
  So21HourAverage: '10 Rf ppm',
  So224HourAverage: '11 Rf ppm',
  O3: '12 Rf ppm',
  O31HourAverage: '13 Rf ppm',
  O38HourAverage: '14 Rf ppm',
  No2: '15 Rf ppm',
  No21HourAverage: '16 Rf ppm',
  Co2: '17 Rf ppm',
  Co21HourAverage: '18 Rf ppm',
  No: '19 Rf ppm',
  No1HourAverage: '20 Rf ppm',
  H2S: '21 Rf ppm',
  H2S1HourAverage: '22 Rf ppm',
  Voc: '23 Rf ppm',
  Voc1HourAverage: '24 Rf ppm',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Tilt sensor (3429) 1.1 */
export const TiltSensor = /* @__PURE__ */ objectReference(3429, '1.1', {
  Angle: '1 Rf! rad',
  MinimumMeasuredAngle: '2 Rf rad',
  MaximumMeasuredAngle: '3 Rf rad',
  ResetMinMaxAngles: '4 E',
  OutOfPositionThreshold: '5 RWf rad',
  OutOfPosition: '6 Rb',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Global Navigation Satellite System (3430) 2.0 */
export const GlobalNavigationSatelliteSystem = /* @__PURE__ */ objectReference(3430, '2.0', {
  FixTimestamp: '0 Rt! s',
  Latitude: '1 Rf! lat',
  Longitude: '2 Rf! lon',
  Altitude: '3 Rf m',
  Speed: '4 Ri m/s',
  Heading: '5 Rf deg',
  Radius: '6 Rf m',
  Hdop: '7 Rf',
  Vdop: '8 Rf',
  EstimatedHorizontalAccuracy: '9 Rf m',
  EstimatedVerticalAccuracy: '10 Rf m',
  EstimatedSpeedAccuracy: '11 Rf m/s',
  EstimatedHeadingAccuracy: '12 Rf deg',
  FixType: '13 Ri',
  FixDimension: '14 Ri',
  UsedSatellites: '15 Ri',
  VisibleSatellites: '16 Ri',
  SatelliteIdentifiers: '17 Rsm',
  SatelliteIdentifiers18: '18 Rfm deg',
  SatelliteAzimuth: '19 Rfm deg',
  Almanac: '20 Rb',
  Ephemeris: '21 Rbm',
  SignalToNoiseRatio: '22 Rfm dB',
  Gnss: '23 Rim',
  HardwareRtc: '24 Rt s',
  AssistedGps: '25 RWb',
  PowerCommand: '26 RWb',
  Pdop: '27 Rf',
  Status: '28 Rs!',
  ExpectedLatitude: '29 RWf lat',
  ExpectedLongitude: '30 RWf lon',
  ExpectedAltitude: '31 RWf m',
  ExpectedLocationThreshold: '32 RWf m',
  OutOfPosition: '33 Rb',
  AssistedLatitude: '34 RWf lat',
  AssistedLongitude: '35 RWf lon',
  AssistedAltitude: '36 RWf m',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Parking Sensor (3431) 1.1 */
export const ParkingSensor = /* @__PURE__ */ objectReference(3431, '1.1', {
  Occupancy: '1 Rb!',
  Duration: '2 Ri s',
  DailyDuration: '3 Ri s',
  ForbiddenParkingDetected: '4 Rb',
  TypeOfSensor: '5 RWs',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Traffic Counter (3432) 2.0 */
export const TrafficCounter = /* @__PURE__ */ objectReference(3432, '2.0', {
  VehicleType: '0 Rim',
  CumulatedNumber: '1 Rim',
  ResetCumulatedNumber: '2 E',
  CumulatedNumberToday: '3 Rim!',
  MeasuringPeriod1: '4 RWim s',
  MeasuringPeriod2: '5 RWim s',
  MeasuringPeriod3: '6 RWim s',
  CumulatedNumberDuringLastPeriod1: '7 Rim',
  CumulatedNumberDuringLastPeriod2: '8 Rim',
  CumulatedNumberDuringLastPeriod3: '9 Rim',
  AverageSpeedDuringLastPeriod1: '10 Rim',
  AverageSpeedDuringLastPeriod2: '11 Rim',
  AverageSpeedDuringLastPeriod3: '12 Rim',
  AverageDistanceDuringLastPeriod1: '13 Rim',
  AverageDistanceDuringLastPeriod2: '14 Rim',
  AverageDistanceDuringLastPeriod3: '15 Rim',
  SpeedLimitThreshold: '16 RWim',
  PercentageAboveSpeedLimit: '17 Rim',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Noise sensor (3433) 1.1 */
export const NoiseSensor = /* @__PURE__ */ objectReference(3433, '1.1', {
  GunshotDetected: '1 Rb',
  AbnormalNoiseDetected: '2 Rb',
  SensorValue: '3 Rf!',
  MinimumMeasuredValue: '4 Rf dB',
  MaximumMeasuredValue: '5 Rf dB',
  MinimumRangeValue: '6 Rf dB',
  MaximumRangeValue: '7 Rf dB',
  ResetMinAndMaxValues: '8 E',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** People counter (3434) 1.1 */
export const PeopleCounter = /* @__PURE__ */ objectReference(3434, '1.1', {
  ActualNumberOfPersons: '1 Ri!',
  DailyNumberOfPersons: '2 Ri',
  CumulatedNumberOfPersons: '3 Ri',
  ResetOfCumulatedNumber: '4 E',
  DailyNumberOfPassages: '5 Ri',
  CumulatedNumberOfPassages: '6 Ri',
  ResetOfCumulatedNumberOfPassages: '7 E',
  TypeOfSensor: '8 RWs',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Filling level (3435) 2.0 */
export const FillingLevel = /* @__PURE__ */ objectReference(3435, '2.0', {
  ContainerHeight: '1 RWi cm',
  ActualFillingPercentage: '2 Rf! /100',
  ActualFillingLevel: '3 Ri cm',
  HighThreshold: '4 RWf /100',
  ContainerFull: '5 Rb!',
  LowThreshold: '6 RWf /100',
  ContainerEmpty: '7 Rb!',
  AverageFillingSpeed: '8 Rf /100',
  AverageFillingSpeedReset: '9 E',
  ForecastFullDate: '10 Rt',
  ForecastEmptyDate: '11 Rt',
  ContainerOutOfLocation: '12 Rb',
  ContainerOutOfPosition: '13 Rb',
  ContainerWidth: '14 RWi cm',
  ContainerInstallationType: '15 RWs cm',
  ContainerVolumeMax: '16 RWf m3',
  FillingSensorPosition: '17 RWs',
  TypeOfMaterials: '18 RWs',
  FillingOperationsCounter: '19 Ri',
  ResetFillingOperationsCounter: '20 E',
  CoverOpen: '21 Rb',
  TemperatureAlarm: '22 Rb',
  WaterInfiltrationAlarm: '23 Rb',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Edge computing manager (3436) 1.0 */
export const EdgeComputingManager = /* @__PURE__ */ objectReference(3436, '1.0', {
  MaxNumberOfScripts: '1 Ri',
  NumberOfFreeSlotsForScripts: '2 Ri',
  MaxNumberOfConditions: '3 Ri',
  NumberOfFreeSlotsForConditions: '4 Ri',
  EdgeComputingCapabilities: '5 Rs',
});

/** Edge computing script (3437) 1.0 */
export const EdgeComputingScript = /* @__PURE__ */ objectReference(3437, '1.0', {
  Name: '1 RWs',
  Signature: '2 RWs',
  Version: '3 RWs',
  Script: '4 RWo!',
  ScriptFormat: '5 RWs',
  NonSupportedScript: '6 Rb',
  NonAuthorizedScript: '7 Rb',
});

/** Edge computing time condition (3438) 1.0 */
export const EdgeComputingTimeCondition = /* @__PURE__ */ objectReference(3438, '1.0', {
  ExecutionTimeDay: '1 RWs!',
  ScriptIdentifier: '2 RWsm!',
  NonSupportedTimeCondition: '3 Rb',
});

/** Edge computing generic condition (3439) 1.0 */
export const EdgeComputingGenericCondition = /* @__PURE__ */ objectReference(3439, '1.0', {
  VendorCondition: '1 RWo',
  ScriptIdentifier: '2 RWsm!',
  NonSupportedTimeCondition: '3 Rb',
});

/** LwM2M v1.0 Test Object (3441) 1.0 */
export const V10TestObject = /* @__PURE__ */ objectReference(3441, '1.0', {
  ResetValues: '0 E',
  RandomizeValues: '1 E',
  ClearValues: '2 E',
  ExecWithArguments: '3 E',
  ArgumentsList: '4 Rsm',
  StringValue: '110 RWs',
  IntegerValue: '120 RWi',
  FloatValue: '130 RWf',
  BooleanValue: '140 RWb',
  OpaqueValue: '150 RWo',
  TimeValue: '160 RWt',
  ObjLinkValue: '170 RWl',
  MultipleStringValue: '1110 RWsm',
  MultipleIntegerValue: '1120 RWim',
  MultipleFloatValue: '1130 RWfm',
  MultipleBooleanValue: '1140 RWbm',
  MultipleOpaqueValue: '1150 RWom',
  MultipleTimeValue: '1160 RWtm',
  MultipleObjLinkValue: '1170 RWlm',
});

/** LwM2M v1.1 Test Object (3442) 1.0 */
export const V11TestObject = /* @__PURE__ */ objectReference(3442, '1.0', {
  ResetValues: '0 E',
  RandomizeValues: '1 E',
  ClearValues: '2 E',
  ExecWithArguments: '3 E',
  ArgumentsList: '4 Rsm',
  SendData: '5 E',
  ResourcesToSend: '6 RWsm',
  StringValue: '110 RWs',
  IntegerValue: '120 RWi',
  UnsignedIntegerValue: '125 RWu',
  FloatValue: '130 RWf',
  BooleanValue: '140 RWb',
  OpaqueValue: '150 RWo',
  TimeValue: '160 RWt',
  ObjLinkValue: '170 RWl',
  CoreLnkValue: '180 RWc',
  MultipleStringValue: '1110 RWsm',
  MultipleIntegerValue: '1120 RWim',
  MultipleUnsignedIntegerValue: '1125 RWum',
  MultipleFloatValue: '1130 RWfm',
  MultipleBooleanValue: '1140 RWbm',
  MultipleOpaqueValue: '1150 RWom',
  MultipleTimeValue: '1160 RWtm',
  MultipleObjLinkValue: '1170 RWlm',
  MultipleCoreLnkValue: '1180 RWcm',
});

/** eSIM IoT (3443) 1.0 */
export const ESimIot = /* @__PURE__ */ objectReference(3443, '1.0', {
  State: '0 Ri!',
  Eid: '1 Rs!',
  EImMessage: '2 Wo!',
  IpaMessage: '3 Ro!',
  ClearIpaMessage: '4 E!',
});

/** Stream Gauge (3445) 1.0 */
export const StreamGauge = /* @__PURE__ */ objectReference(3445, '1.0', {
  WaterLevel: '1 Rf! m',
  VolumetricDischarge: '2 Rf m3',
  TypeOfMeter: '3 RWs',
  Status: '4 Ri',
  AlarmCounterReset: '5 E',
  ThresholdA: '6 RWf m',
  AlarmA: '7 Rb',
  AlarmACounter: '8 Ri',
  ThresholdB: '9 RWf m',
  AlarmB: '10 Rb',
  AlarmBCounter: '11 Ri',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Rain Gauge (3446) 1.0 */
export const RainGauge = /* @__PURE__ */ objectReference(3446, '1.0', {
  CumulatedWaterValue: '1 Rf! mm',
  CumulatedWaterValueReset: '2 E',
  TimeOfLastReset: '3 Rt s',
  TypeOfMeter: '4 RWs',
  Status: '5 Ri',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** LPWAN Mesh Connectivity (3447) 1.0 */
export const LpwanMeshConnectivity = /* @__PURE__ */ objectReference(3447, '1.0', {
  NetworkType: '0 Rs!',
  DeviceClass: '1 RWi!',
  OperatingFrequency: '2 Rf! MHz',
  Status: '3 Ri!',
  ConnectionErrors: '4 Rs',
  LastErrorTimestamp: '5 Rt',
  ErrorCounter: '6 Ri',
  ErrorCounterReset: '7 E',
  TransmitPower: '8 RWf dBm',
  DataRate: '9 RWf bit/s',
  OperationMode: '10 RWs',
  OperatingChannel: '11 RWi',
  ChannelHoppingFunction: '12 RWi',
  AvailableChannels: '13 RWs',
  UnicastChannelPlan: '14 RWs',
  BroadcastChannelPlan: '15 RWs',
  Fec: '16 RWb',
  DataWhitening: '17 RWb',
  CipherSuite: '18 RWs',
  PanIdentifier: '19 RWim',
  NetworkName: '20 RWs',
  NodeRank: '21 Ri',
  RootAddress: '22 Rsm',
  ParentAddress: '23 Rsm',
  PhysicalInterface: '24 RWs!',
  LogicalAddress: '25 RWsm',
  IpAddress: '26 RWsm',
  MulticastGroupAddress: '27 RWsm',
  MulticastGroupKey: '28 RWom',
  SignalToNoiseRatio: '29 Rf dB',
  ReceivedSignalStrengthIndication: '30 Rf dBm',
  NoiseFloor: '31 Rf dBm',
  MaximumRepeatTime: '34 RWi',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** LPWAN Mesh Statistics (3448) 1.0 */
export const LpwanMeshStatistics = /* @__PURE__ */ objectReference(3448, '1.0', {
  TxPacketsTotal: '1 Ri',
  TxSuccessOnSingleRetry: '2 Ri',
  TxSuccessOnMultiRetry: '3 Ri',
  TxDiscardedPackets: '4 Ri',
  TxCcaFailures: '5 Ri',
  TxAckFailure: '6 Ri',
  RxPacketsTotal: '7 Ri',
  RxDiscardedPackets: '8 Ri',
  RxMalformedPackets: '9 Ri',
  RxUnsecurePackets: '10 Ri',
  RxDuplicatePackets: '11 Ri',
  BeaconFramesSent: '12 Ri',
  BeaconFramesReceived: '13 Ri',
  AckFramesSent: '14 Ri',
  AckFramesReceived: '15 Ri',
  CommandFramesSent: '16 Ri',
  CommandFramesReceived: '17 Ri',
  DataFramesSent: '18 Ri',
  DataFramesReceived: '19 Ri',
  DataBytesSent: '20 Ri',
  DataBytesReceived: '21 Ri',
  UnicastPacketsSent: '22 Ri',
  UnicastPacketsReceived: '23 Ri',
  MulticastPacketsSent: '24 Ri',
  MulticastPacketsReceived: '25 Ri',
  BroadcastPacketsSent: '26 Ri',
  BroadcastPacketsReceived: '27 Ri',
  Start: '28 E!',
  Stop: '29 E',
  Timestamp: '5518 Rt',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Anemometer (3449) 1.0 */
export const Anemometer = /* @__PURE__ */ objectReference(3449, '1.0', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  CompassDirection: '5705 Rf! deg',
  ApplicationType: '5750 RWs',
  SensorType: '5751 Rs',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Wet Bulb Globe Temperature (3450) 1.0 */
export const WetBulbGlobeTemperature = /* @__PURE__ */ objectReference(3450, '1.0', {
  EstimationType: '1 Ri',
  EstimatedValue: '2 Rf Cel',
  WbgtThreshold: '3 RWf Cel',
  WbgtAlarm: '4 Rb',
  WbgtAlarmCounter: '5 Ri',
  WbgtAlarmCounterReset: '6 E',
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  ApplicationType: '5750 RWs',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Roll over sensor (3451) 1.0 */
export const RollOverSensor = /* @__PURE__ */ objectReference(3451, '1.0', {
  Angle: '1 Rf! rad',
  MinimumMeasuredAngle: '2 Rf rad',
  MaximumMeasuredAngle: '3 Rf rad',
  ResetMinMaxAngles: '4 E',
  OutOfPositionThreshold: '5 RWf rad',
  OutOfPosition: '6 Rb',
  Timestamp: '5518 Rt',
  FractionalTimestamp: '6050 Rf s',
});

/** Program Scheduler (3452) 1.0 */
export const ProgramScheduler = /* @__PURE__ */ objectReference(3452, '1.0', {
  ScheduleName: '0 RWs',
  State: '1 RWb!',
  Priority: '2 RWi!',
  CalendarRules: '3 RWim',
  ProgramFunction: '4 RWi!',
  InputSources: '5 RWsm',
  OutputInstances: '6 RWsm!',
  OutputTargets: '7 RWsm!',
  CompoundOperation: '8 RWb',
  OffWhenInactive: '9 RWb',
});

/** Calendar Rule (3453) 1.0 */
export const CalendarRule = /* @__PURE__ */ objectReference(3453, '1.0', {
  CalendarName: '0 RWs',
  CalendarType: '1 RWi',
  StartDate: '2 RWsm',
  EndDate: '3 RWsm',
  DateRule: '4 RWs',
  CalendarActive: '5 Rb',
});

/** Program Function (3454) 1.0 */
export const ProgramFunction = /* @__PURE__ */ objectReference(3454, '1.0', {
  FunctionName: '0 RWs',
  RunCondition: '1 RWsm',
  OutputFilter: '3 RWim',
  TimeInputArray: '4 RWsm!',
  TimeOutputArray: '5 RWsm!',
  SingleSensorInputArray: '6 RWsm',
  MultiSensorInputArray: '7 RWsm',
  SensorOutputArray: '8 RWsm',
  OutputFilterForTimeOutput: '9 RWsm',
  OutputFilterForSensorOutput: '10 RWsm',
});

/** Input Filter (3455) 1.0 */
export const InputFilter = /* @__PURE__ */ objectReference(3455, '1.0', {
  InputState: '0 Rs',
  InputSource: '1 RWsm',
  DataType: '2 RWi',
  EvaluationInterval: '3 RWf s',
  StepFilter: '4 RWf',
  BusyToClearDelay: '5903 RWi ms',
  ClearToBusyDelay: '5904 RWi ms',
});

/** Output Filter (3456) 1.0 */
export const OutputFilter = /* @__PURE__ */ objectReference(3456, '1.0', {
  Operation: '0 RWi!',
  Delay: '1 RWf s',
  Transaction: '2 RWi',
  ExpirationTime: '3 RWf',
});

/** Program Manager (3457) 1.0 */
export const ProgramManager = /* @__PURE__ */ objectReference(3457, '1.0', {
  MaxNumberOfProgramSchedulers: '0 RWi!',
  CurrentNumberOfProgramSchedulers: '1 Ri!',
  MaxNumberOfProgramFunctions: '2 RWi!',
  CurrentNumberOfProgramFunctions: '3 Ri!',
  MaxNumberOfCalendars: '4 RWi!',
  CurrentNumberOfCalendar: '5 Ri!',
  MaxNumberOfActuators: '6 RWi!',
  MaxNumberOfInputSources: '7 RWi',
  MaxNumberOfDatesInCalendar: '8 RWi',
  MaxFlashMemoryAllocated: '9 RWi! B',
  FlashMemoryFree: '10 Ri B',
  ErrorConditions: '11 Ri!',
  ClearErrors: '12 E',
  SupportedCapabilities: '13 Ri',
  MaxDynamicMemoryAllocated: '14 RWi B',
  DynamicMemoryFree: '15 Ri B',
  ResetScheduleObjects: '16 E',
});

/** Program Monitor (3458) 1.0 */
export const ProgramMonitor = /* @__PURE__ */ objectReference(3458, '1.0', {
  ProgramName: '0 Rs!',
  Status: '1 Ri!',
  ErrorConditions: '2 Ri!',
  ClearErrors: '3 E',
  EvaluationCounter: '4 Ri',
  ExecutionCounter: '5 Ri',
  CounterReset: '6 E',
  LastExecution: '7 Rt',
  LastControlOutput: '8 Rsm',
});

/** Distributed Sensor Group (3459) 1.0 */
export const DistributedSensorGroup = /* @__PURE__ */ objectReference(3459, '1.0', {
  GroupState: '0 Rf',
  MostRecentGroupActivity: '1 Rt',
  MostRecentSensorNotification: '2 Rs',
  MostRecentSensorPublisherId: '3 Ri',
  GroupAddress: '4 RWs',
  GroupId: '5 RWs',
  SharedSensorInformation: '6 RWi',
  QualityOfService: '7 RWs',
  HopLimit: '8 RWi',
  BroadcastCriteria: '9 RWi',
  MinBroadcastPeriod: '10 RWi s',
  MaxBroadcastPeriod: '11 RWi s',
  PublisherStepInterval: '12 RWf',
  MinThreshold: '13 RWf',
  MaxThreshold: '14 RWf',
  AutoClearValidityTime: '15 RWi s',
  AutoClearDefaultValue: '16 RWf',
  DataFusionOperation: '17 RWi',
  RemoteSensorsDynamicMapping: '18 RWb',
  RemoteSensorsImplicitMapping: '19 RWb',
  LocalSensorStateUri: '20 RWsm',
  LocalSensorPublisherId: '21 RWim',
  RemoteSensorStateUri: '22 RWsm',
  GroupLog: '23 Rs',
  GroupDescription: '24 RWs',
});

/** Distributed Sensor Message (3460) 1.0 */
export const DistributedSensorMessage = /* @__PURE__ */ objectReference(3460, '1.0', {
  GroupId: '0 Ri!',
  PublishingTimestamp: '1 Rt!',
  PublisherStateUri: '2 Rs!',
  PublisherId: '3 Ri',
  AutoClearValidityTime: '4 Ri s',
  AutoClearDefaultValue: '5 Rf',
});

/** Sensor Group Device Capabilities (3461) 1.0 */
export const SensorGroupDeviceCapabilities = /* @__PURE__ */ objectReference(3461, '1.0', {
  RemoteSensorManagementCapabilities: '1 Ri',
  MaxNumberOfExplicitSensors: '2 Ri',
  MaxNumberOfImplicitSensors: '3 Ri',
  DataFusionCapabilities: '4 Ri',
  ResetDsgObjects: '5 E',
});

/** HostDeviceInfo (10241) 1.0 */
export const HostDeviceInfo = /* @__PURE__ */ objectReference(10241, '1.0', {
  HostDeviceManufacturer: '5905 Rsm!',
  HostDeviceModelNumber: '5906 Rsm!',
  HostDeviceUniqueId: '5907 Rsm!',
  HostDeviceSoftwareVersion: '5908 Rsm!',
});

/** 3-Phase Power Meter (10242) 1.0 */
export const N3PhasePowerMeter = /* @__PURE__ */ objectReference(10242, '1.0', {
  Manufacturer: '0 Rs',
  ModelNumber: '1 Rs',
  SerialNumber: '2 Rs',
  Description: '3 Rs',
  TensionR: '4 Rf! V',
  CurrentR: '5 Rf! A',
  ActivePowerR: '6 Rf kW',
  ReactivePowerR: '7 Rf kvar',
  InductiveReactivePowerR: '8 Rf kvar',
  CapacitiveReactivePowerR: '9 Rf kvar',
  ApparentPowerR: '10 Rf kVA',
  PowerFactorR: '11 Rf',
  ThdVR: '12 Rf /100',
  ThdAR: '13 Rf /100',
  TensionS: '14 Rf! V',
  CurrentS: '15 Rf! A',
  ActivePowerS: '16 Rf kW',
  ReactivePowerS: '17 Rf kvar',
  InductiveReactivePowerS: '18 Rf kvar',
  CapacitiveReactivePowerS: '19 Rf kvar',
  ApparentPowerS: '20 Rf kVA',
  PowerFactorS: '21 Rf',
  ThdVS: '22 Rf /100',
  ThdAS: '23 Rf /100',
  TensionT: '24 Rf! V',
  CurrentT: '25 Rf! A',
  ActivePowerT: '26 Rf kW',
  ReactivePowerT: '27 Rf kvar',
  InductiveReactivePowerT: '28 Rf kvar',
  CapacitiveReactivePowerT: '29 Rf kvar',
  ApparentPowerT: '30 Rf kVA',
  PowerFactorT: '31 Rf',
  ThdVT: '32 Rf /100',
  ThdAT: '33 Rf /100',
  N3PhaseActivePower: '34 Rf kW',
  N3PhaseReactivePower: '35 Rf kvar',
  N3PhaseInductiveReactivePower: '36 Rf kvar',
  N3PhaseCapacitiveReactivePower: '37 Rf kvar',
  N3PhaseApparentPower: '38 Rf kVA',
  N3PhasePowerFactor: '39 Rf',
  N3PhasePhiCosine: '40 Rf',
  ActiveEnergy: '41 Rf kWh',
  ReactiveEnergy: '42 Rf kvarh',
  InductiveReactiveEnergy: '43 Rf kvarh',
  CapacitiveReactiveEnergy: '44 Rf kvarh',
  ApparentEnergy: '45 Rf kVAh',
  TensionRS: '46 Rf V',
  TensionST: '47 Rf V',
  TensionTR: '48 Rf V',
  Frequency: '49 Rf Hz',
  NeutralCurrent: '50 Rf A',
});

/** Single-Phase Power Meter (10243) 2.0 */
export const SinglePhasePowerMeter = /* @__PURE__ */ objectReference(10243, '2.0', {
  Manufacturer: '0 Rs',
  ModelNumber: '1 Rs',
  SerialNumber: '2 Rs',
  Description: '3 Rs',
  Tension: '4 Rf! V',
  Current: '5 Rf! A',
  ActivePower: '6 Rf kW',
  ReactivePower: '7 Rf kvar',
  InductiveReactivePower: '8 Rf kvar',
  CapacitiveReactivePower: '9 Rf kvar',
  ApparentPower: '10 Rf kVA',
  PowerFactor: '11 Rf',
  ThdV: '12 Rf /100',
  ThdA: '13 Rf /100',
  ActiveEnergy: '14 Rf kWh',
  ReactiveEnergy: '15 Rf kvarh',
  ApparentEnergy: '16 Rf kVAh',
  Frequency: '17 Rf Hz',
});

/** VehicleControlUnit (10244) 1.0 */
export const VehicleControlUnit = /* @__PURE__ */ objectReference(10244, '1.0', {
  VehicleUiState: '0 Ri!',
  VehicleSpeed: '1 Ri! km/h',
  VehicleShiftStatus: '2 Ri!',
  VehicleApPosition: '3 Ri! /100',
  VehiclePower: '4 Rf kW',
  VehicleDriveEnergy: '5 Rf Wh',
  VehicleEnergyConsumptionEfficiency: '6 Rf Wh/km',
  VehicleEstimatedMileage: '7 Ri km',
  VehicleChargeCableStatus: '8 Rb!',
  VehicleChargeStatus: '9 Ri!',
  VehicleChargeVoltage: '10 Rf! V',
  VehicleChargeCurrent: '11 Rf! A',
  VehicleChargeRemainingTime: '12 Ri! min',
  BatteryPackVoltage: '13 Rf! V',
  BatteryPackCurrent: '14 Rf! A',
  BatteryPackRemainingCapacity: '15 Ri! Ah',
  BatteryPackSoc: '16 Ri! /100',
  BatteryPackSoh: '17 Ri! /100',
  BatteryCellMinVolt: '18 Ri! mV',
  BatteryCellMaxVolt: '19 Ri! mV',
  BatteryModuleMinTemp: '20 Ri! Cel',
  BatteryModuleMaxTemp: '21 Ri! Cel',
  BatteryConnectionStatus: '22 Rb!',
  McuVoltage: '24 Ri! V',
  McuTemperature: '25 Ri! Cel',
  MotorSpeed: '26 Ri! 1/min',
  MotorTemperature: '27 Ri! Cel',
  MotorOtWarning: '28 Rb',
  McuOtWarning: '29 Rb',
  BatteryPackOtWarning: '30 Rb',
  McuFault: '31 Rb',
  MotorError: '32 Rb',
});

/** Relay Management (10245) 1.0 */
export const RelayManagement = /* @__PURE__ */ objectReference(10245, '1.0', {
  ENbAvailability: '0 Rb!',
  GpsStatus: '1 Rb!',
  Orientation: '2 Ri deg',
  ENbEarfcn: '3 RWi!',
  ENbBandwidth: '4 RWi!',
  BackhaulPrimaryEarfcn: '5 RWi!',
  BackhaulSecondaryEarfcn: '6 RWim!',
  CumulativeMeasurementWindow: '7 RWi! s',
  ENbEci: '8 Ri!',
  ENbStatus: '9 RWb!',
  EnableENb: '10 E!',
  ENbMaximumPower: '11 RWi! dBm',
  BackhaulPrimaryQOffsetFreq: '12 RWi! dB',
  BackhaulSecondaryQOffsetFreq: '13 RWim! dB',
  NeighbourCrowdBoxEarfcn: '14 RWim!',
  NeighbourCrowdBoxQOffsetFreq: '15 RWim! dB',
  ServingMacroENbCellIndividualOffset: '16 RWi! dB',
});

/** CrowdBox Measurements (10246) 1.0 */
export const CrowdBoxMeasurements = /* @__PURE__ */ objectReference(10246, '1.0', {
  ServingCellId: '0 Ri!',
  ServingCellRsrp: '1 Ri!',
  ServingCellRsrq: '2 Ri!',
  ServingCellSinr: '3 Ri! dB',
  CumulativeBackhaulTimingAdvance: '4 Ri',
  NeighbourCellReport: '5 Rlm!',
});

/** Neighbour Cell Report (10247) 1.0 */
export const NeighbourCellReport = /* @__PURE__ */ objectReference(10247, '1.0', {
  NeighbourPci: '0 Ri!',
  NeighbourCellId: '1 Ri',
  NeighbourCellRank: '2 Ri!',
  NeighbourCellRsrp: '3 Ri!',
  NeighbourCellRsrq: '4 Ri!',
});

/** Connected UE Measurements (10248) 1.0 */
export const ConnectedUeMeasurements = /* @__PURE__ */ objectReference(10248, '1.0', {
  NumberOfConnectedUsers: '0 Ri!',
  CumulativeNumberOfUniqueUsers: '1 Ri!',
  ConnectedUeReport: '2 Rlm!',
});

/** Connected UE Report (10249) 1.0 */
export const ConnectedUeReport = /* @__PURE__ */ objectReference(10249, '1.0', {
  ConnectedUserMmec: '0 Ri!',
  ConnectedUserMTmsi: '1 Ri!',
  ServingCellCrowdBoxENbRsrp: '2 Ri!',
  ServingCellCrowdBoxENbRsrq: '3 Ri!',
  CumulativeTimingAdvancePerConnectedUser: '4 Ri',
  LastDownlinkCqiReportPerConnectedUser: '5 Ri!',
  CumulativeDownlinkThroughputPerConnectedUser: '6 Ri! B',
  CumulativeUplinkThroughputPerConnectedUser: '7 Ri! B',
  NeighbourCellReport: '8 Rlm!',
});

/** App Data Container (10250) 1.0 */
export const AppDataContainer = /* @__PURE__ */ objectReference(10250, '1.0', {
  UlData: '0 Ro!',
  DlData: '1 Wo!',
});

/** AT Command (10251) 1.0 */
export const AtCommand = /* @__PURE__ */ objectReference(10251, '1.0', {
  Command: '0 RWs!',
  Response: '1 Rsm!',
  Status: '2 Rsm!',
  Timeout: '3 RWi',
  Run: '4 E!',
});

/** Manifest (10252) 1.0 */
export const Manifest = /* @__PURE__ */ objectReference(10252, '1.0', {
  Manifest: '1 Wo!',
  State: '2 Ri!',
  ManifestResult: '3 Ri!',
  PayloadResult: '4 Ro!',
  AssetHash: '5 Ro!',
  ManifestVersion: '6 Ri!',
  AssetInstallationProgress: '7 Ri!',
  CampaignId: '8 RWs!',
  ManualTrigger: '9 E!',
});

/** Confidential Data (10253) 1.0 */
export const ConfidentialData = /* @__PURE__ */ objectReference(10253, '1.0', {
  PublicKey: '0 RWo!',
  ApplicationData: '1 Ro!',
});

/** Current Loop Input (10254) 1.0 */
export const CurrentLoopInput = /* @__PURE__ */ objectReference(10254, '1.0', {
  CurrentLoopInputCurrentValue: '0 Rf! mA',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
});

/** Device Metadata (10255) 1.0 */
export const DeviceMetadata = /* @__PURE__ */ objectReference(10255, '1.0', {
  ProtocolSupported: '0 Ri!',
  BootloaderHash: '1 Ro!',
  OemBootloaderHash: '2 Ro!',
  Vendor: '3 Rs!',
  Class: '4 Rs!',
  Device: '5 Rs!',
});

/** ECID-Signal Measurement Information (10256) 1.0 */
export const EcidSignalMeasurementInformation = /* @__PURE__ */ objectReference(10256, '1.0', {
  PhysCellId: '0 Ri!',
  Ecgi: '1 Ri',
  ArfcnEutra: '2 Ri!',
  RsrpResult: '3 Ri!',
  RsrqResult: '4 Ri',
  UeRxTxTimeDiff: '5 Ri',
});

/** Heat / Cooling meter (10257) 1.0 */
export const HeatCoolingMeter = /* @__PURE__ */ objectReference(10257, '1.0', {
  Manufacturer: '0 Rs',
  ModelNumber: '1 Rs',
  SerialNumber: '2 Rs',
  Description: '3 Rs',
  ErrorCode: '11 Rim',
  FlowTemperature: '12 Rf Cel',
  MaxMeasuredFlowTemperature: '13 Rf Cel',
  ReturnTemperature: '14 Rf Cel',
  MaxMeasuredReturnTemperature: '15 Rf Cel',
  TemperatureDifference: '16 Rf K',
  FlowRate: '17 Rf m3/s',
  MaxMeasuredFlow: '18 Rf m3/s',
  FlowVolume: '20 Rf m3',
  ReturnVolume: '21 Rf m3',
  CurrentTime: '5506 RWt',
  InstantaneousActivePower: '5800 Rf W',
  MaxMeasuredActivePower: '5802 Rfm! W',
  CumulativeActivePower: '5805 Rf Wh',
});

/** Current Loop Output (10258) 1.0 */
export const CurrentLoopOutput = /* @__PURE__ */ objectReference(10258, '1.0', {
  CurrentLoopOutputCurrentValue: '0 RWf! mA',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
});

/** System Log (10259) 1.0 */
export const SystemLog = /* @__PURE__ */ objectReference(10259, '1.0', {
  Name: '0 Rs!',
  ReadAll: '1 Rs!',
  Read: '2 Rs',
  Enabled: '3 RWb',
  CaptureLevel: '4 RWi',
});

/** RDB (10260) 2.0 */
export const Rdb = /* @__PURE__ */ objectReference(10260, '2.0', {
  Key: '0 RWs!',
  Value: '1 RWs',
  Exists: '2 RWb',
  Persistent: '3 RWb',
});

/** Interval Data Delivery (10262) 1.0 */
export const IntervalDataDelivery = /* @__PURE__ */ objectReference(10262, '1.0', {
  Name: '0 RWs!',
  IntervalDataLinks: '1 RWlm!',
  LatestPayload: '2 Rom!',
  Schedule: '3 RWl',
});

/** Event Data Delivery (10263) 1.0 */
export const EventDataDelivery = /* @__PURE__ */ objectReference(10263, '1.0', {
  Name: '0 RWs!',
  EventDataLinks: '1 RWlm!',
  LatestEventlog: '2 Rom!',
  Schedule: '3 RWl!',
});

/** Delivery Schedule (10264) 1.0 */
export const DeliverySchedule = /* @__PURE__ */ objectReference(10264, '1.0', {
  ScheduleStartTime: '0 RWi!',
  ScheduleUtcOffset: '1 RWs!',
  DeliveryFrequency: '2 RWi!',
  RandomisedDeliveryWindow: '3 RWi',
  NumberOfRetries: '4 RWi',
  RetryPeriod: '5 RWi',
});

/** Leakage Detection Configuration (10265) 1.0 */
export const LeakageDetectionConfiguration = /* @__PURE__ */ objectReference(10265, '1.0', {
  SampleTimes: '0 RWim!',
  SampleUtcOffset: '1 RWs',
  DetectionMode: '2 RWi!',
  TopFrequencyCount: '3 RWi',
  FrequencyThresholds: '4 RWim',
  FrequencyValues: '5 Rim',
  FirmwareVersion: '7 Rs!',
});

/** Water Flow Readings (10266) 1.0 */
export const WaterFlowReadings = /* @__PURE__ */ objectReference(10266, '1.0', {
  IntervalPeriod: '6000 Ri! s',
  IntervalStartOffset: '6001 Ri s',
  IntervalUtcOffset: '6002 Rs',
  IntervalCollectionStartTime: '6003 Rt!',
  OldestRecordedInterval: '6004 Rt!',
  LastDeliveredInterval: '6005 RWt',
  LatestRecordedInterval: '6006 Rt!',
  IntervalDeliveryMidnightAligned: '6007 RWb!',
  IntervalHistoricalRead: '6008 E',
  IntervalHistoricalReadPayload: '6009 Ro',
  IntervalChangeConfiguration: '6010 E',
  Start: '6026 E',
  Stop: '6027 E',
  Status: '6028 Ri',
  LatestPayload: '6029 Ro!',
});

/** Daily Maximum Flow Rate Readings (10267) 1.0 */
export const DailyMaximumFlowRateReadings = /* @__PURE__ */ objectReference(10267, '1.0', {
  IntervalPeriod: '6000 Ri! s',
  IntervalStartOffset: '6001 Ri s',
  IntervalUtcOffset: '6002 Rs',
  IntervalCollectionStartTime: '6003 Rt!',
  OldestRecordedInterval: '6004 Rt!',
  LastDeliveredInterval: '6005 RWt',
  LatestRecordedInterval: '6006 Rt!',
  IntervalDeliveryMidnightAligned: '6007 RWb!',
  IntervalHistoricalRead: '6008 E',
  IntervalHistoricalReadPayload: '6009 Ro',
  IntervalChangeConfiguration: '6010 E',
  Start: '6026 E',
  Stop: '6027 E',
  Status: '6028 Ri',
  LatestPayload: '6029 Ro!',
});

/** Temperature Readings (10268) 1.0 */
export const TemperatureReadings = /* @__PURE__ */ objectReference(10268, '1.0', {
  IntervalPeriod: '6000 Ri! s',
  IntervalStartOffset: '6001 Ri s',
  IntervalUtcOffset: '6002 Rs',
  IntervalCollectionStartTime: '6003 Rt!',
  OldestRecordedInterval: '6004 Rt!',
  LastDeliveredInterval: '6005 RWt',
  LatestRecordedInterval: '6006 Rt!',
  IntervalDeliveryMidnightAligned: '6007 RWb!',
  IntervalHistoricalRead: '6008 E',
  IntervalHistoricalReadPayload: '6009 Ro',
  IntervalChangeConfiguration: '6010 E',
  Start: '6026 E',
  Stop: '6027 E',
  Status: '6028 Ri',
  LatestPayload: '6029 Ro!',
});

/** Pressure Readings (10269) 1.0 */
export const PressureReadings = /* @__PURE__ */ objectReference(10269, '1.0', {
  IntervalPeriod: '6000 Ri! s',
  IntervalStartOffset: '6001 Ri s',
  IntervalUtcOffset: '6002 Rs',
  IntervalCollectionStartTime: '6003 Rt!',
  OldestRecordedInterval: '6004 Rt!',
  LastDeliveredInterval: '6005 RWt',
  LatestRecordedInterval: '6006 Rt!',
  IntervalDeliveryMidnightAligned: '6007 RWb!',
  IntervalHistoricalRead: '6008 E',
  IntervalHistoricalReadPayload: '6009 Ro',
  IntervalChangeConfiguration: '6010 E',
  Start: '6026 E',
  Stop: '6027 E',
  Status: '6028 Ri',
  LatestPayload: '6029 Ro!',
});

/** Battery Level Readings (10270) 1.0 */
export const BatteryLevelReadings = /* @__PURE__ */ objectReference(10270, '1.0', {
  IntervalPeriod: '6000 Ri! s',
  IntervalStartOffset: '6001 Ri s',
  IntervalUtcOffset: '6002 Rs',
  IntervalCollectionStartTime: '6003 Rt!',
  OldestRecordedInterval: '6004 Rt!',
  LastDeliveredInterval: '6005 RWt',
  LatestRecordedInterval: '6006 Rt!',
  IntervalDeliveryMidnightAligned: '6007 RWb!',
  IntervalHistoricalRead: '6008 E',
  IntervalHistoricalReadPayload: '6009 Ro',
  IntervalChangeConfiguration: '6010 E',
  Start: '6026 E',
  Stop: '6027 E',
  Status: '6028 Ri',
  LatestPayload: '6029 Ro!',
});

/** Communications Activity Time Readings (10271) 1.0 */
export const CommunicationsActivityTimeReadings = /* @__PURE__ */ objectReference(10271, '1.0', {
  IntervalPeriod: '6000 Ri! s',
  IntervalStartOffset: '6001 Ri s',
  IntervalUtcOffset: '6002 Rs',
  IntervalCollectionStartTime: '6003 Rt!',
  OldestRecordedInterval: '6004 Rt!',
  LastDeliveredInterval: '6005 RWt',
  LatestRecordedInterval: '6006 Rt!',
  IntervalDeliveryMidnightAligned: '6007 RWb!',
  IntervalHistoricalRead: '6008 E',
  IntervalHistoricalReadPayload: '6009 Ro',
  IntervalChangeConfiguration: '6010 E',
  Start: '6026 E',
  Stop: '6027 E',
  Status: '6028 Ri',
  LatestPayload: '6029 Ro!',
});

/** Water Meter Customer Leakage Alarm (10272) 1.0 */
export const WaterMeterCustomerLeakageAlarm = /* @__PURE__ */ objectReference(10272, '1.0', {
  EventType: '6011 RWi!',
  AlarmRealtime: '6012 RWb!',
  AlarmState: '6013 Rb',
  AlarmSetThreshold: '6014 RWf',
  AlarmSetOperator: '6015 RWi',
  AlarmClearThreshold: '6016 RWf',
  AlarmClearOperator: '6017 RWi',
  AlarmMaximumEventCount: '6018 RWi',
  AlarmMaximumEventPeriod: '6019 RWi s',
  LatestDeliveredEventTime: '6020 RWt',
  LatestRecordedEventTime: '6021 Rt!',
  AlarmClear: '6022 E',
  AlarmAutoClear: '6023 RWb',
  EventCode: '6024 Ri!',
  LatestPayload: '6025 Ro!',
});

/** Water Meter Reverse Flow Alarm (10273) 1.0 */
export const WaterMeterReverseFlowAlarm = /* @__PURE__ */ objectReference(10273, '1.0', {
  EventType: '6011 RWi!',
  AlarmRealtime: '6012 RWb!',
  AlarmState: '6013 Rb',
  AlarmSetThreshold: '6014 RWf',
  AlarmSetOperator: '6015 RWi',
  AlarmClearThreshold: '6016 RWf',
  AlarmClearOperator: '6017 RWi',
  AlarmMaximumEventCount: '6018 RWi',
  AlarmMaximumEventPeriod: '6019 RWi s',
  LatestDeliveredEventTime: '6020 RWt',
  LatestRecordedEventTime: '6021 Rt!',
  AlarmClear: '6022 E',
  AlarmAutoClear: '6023 RWb',
  EventCode: '6024 Ri!',
  LatestPayload: '6025 Ro!',
});

/** Water Meter Empty Pipe Alarm (10274) 1.0 */
export const WaterMeterEmptyPipeAlarm = /* @__PURE__ */ objectReference(10274, '1.0', {
  EventType: '6011 RWi!',
  AlarmRealtime: '6012 RWb!',
  AlarmState: '6013 Rb',
  AlarmSetThreshold: '6014 RWf',
  AlarmSetOperator: '6015 RWi',
  AlarmClearThreshold: '6016 RWf',
  AlarmClearOperator: '6017 RWi',
  AlarmMaximumEventCount: '6018 RWi',
  AlarmMaximumEventPeriod: '6019 RWi s',
  LatestDeliveredEventTime: '6020 RWt',
  LatestRecordedEventTime: '6021 Rt!',
  AlarmClear: '6022 E',
  AlarmAutoClear: '6023 RWb',
  EventCode: '6024 Ri!',
  LatestPayload: '6025 Ro!',
});

/** Water Meter Tamper Alarm (10275) 1.0 */
export const WaterMeterTamperAlarm = /* @__PURE__ */ objectReference(10275, '1.0', {
  EventType: '6011 RWi!',
  AlarmRealtime: '6012 RWb!',
  AlarmState: '6013 Rb',
  AlarmSetThreshold: '6014 RWf',
  AlarmSetOperator: '6015 RWi',
  AlarmClearThreshold: '6016 RWf',
  AlarmClearOperator: '6017 RWi',
  AlarmMaximumEventCount: '6018 RWi',
  AlarmMaximumEventPeriod: '6019 RWi s',
  LatestDeliveredEventTime: '6020 RWt',
  LatestRecordedEventTime: '6021 Rt!',
  AlarmClear: '6022 E',
  AlarmAutoClear: '6023 RWb',
  EventCode: '6024 Ri!',
  LatestPayload: '6025 Ro!',
});

/** Water Meter High Pressure Alarm (10276) 1.0 */
export const WaterMeterHighPressureAlarm = /* @__PURE__ */ objectReference(10276, '1.0', {
  EventType: '6011 RWi!',
  AlarmRealtime: '6012 RWb!',
  AlarmState: '6013 Rb',
  AlarmSetThreshold: '6014 RWf',
  AlarmSetOperator: '6015 RWi',
  AlarmClearThreshold: '6016 RWf',
  AlarmClearOperator: '6017 RWi',
  AlarmMaximumEventCount: '6018 RWi',
  AlarmMaximumEventPeriod: '6019 RWi s',
  LatestDeliveredEventTime: '6020 RWt',
  LatestRecordedEventTime: '6021 Rt!',
  AlarmClear: '6022 E',
  AlarmAutoClear: '6023 RWb',
  EventCode: '6024 Ri!',
  LatestPayload: '6025 Ro!',
});

/** Water Meter Low Pressure Alarm (10277) 1.0 */
export const WaterMeterLowPressureAlarm = /* @__PURE__ */ objectReference(10277, '1.0', {
  EventType: '6011 RWi!',
  AlarmRealtime: '6012 RWb!',
  AlarmState: '6013 Rb',
  AlarmSetThreshold: '6014 RWf',
  AlarmSetOperator: '6015 RWi',
  AlarmClearThreshold: '6016 RWf',
  AlarmClearOperator: '6017 RWi',
  AlarmMaximumEventCount: '6018 RWi',
  AlarmMaximumEventPeriod: '6019 RWi s',
  LatestDeliveredEventTime: '6020 RWt',
  LatestRecordedEventTime: '6021 Rt!',
  AlarmClear: '6022 E',
  AlarmAutoClear: '6023 RWb',
  EventCode: '6024 Ri!',
  LatestPayload: '6025 Ro!',
});

/** High Temperature Alarm (10278) 1.0 */
export const HighTemperatureAlarm = /* @__PURE__ */ objectReference(10278, '1.0', {
  EventType: '6011 RWi!',
  AlarmRealtime: '6012 RWb!',
  AlarmState: '6013 Rb',
  AlarmSetThreshold: '6014 RWf',
  AlarmSetOperator: '6015 RWi',
  AlarmClearThreshold: '6016 RWf',
  AlarmClearOperator: '6017 RWi',
  AlarmMaximumEventCount: '6018 RWi',
  AlarmMaximumEventPeriod: '6019 RWi s',
  LatestDeliveredEventTime: '6020 RWt',
  LatestRecordedEventTime: '6021 Rt!',
  AlarmClear: '6022 E',
  AlarmAutoClear: '6023 RWb',
  EventCode: '6024 Ri!',
  LatestPayload: '6025 Ro!',
});

/** Low Temperature Alarm (10279) 1.0 */
export const LowTemperatureAlarm = /* @__PURE__ */ objectReference(10279, '1.0', {
  EventType: '6011 RWi!',
  AlarmRealtime: '6012 RWb!',
  AlarmState: '6013 Rb',
  AlarmSetThreshold: '6014 RWf',
  AlarmSetOperator: '6015 RWi',
  AlarmClearThreshold: '6016 RWf',
  AlarmClearOperator: '6017 RWi',
  AlarmMaximumEventCount: '6018 RWi',
  AlarmMaximumEventPeriod: '6019 RWi s',
  LatestDeliveredEventTime: '6020 RWt',
  LatestRecordedEventTime: '6021 Rt!',
  AlarmClear: '6022 E',
  AlarmAutoClear: '6023 RWb',
  EventCode: '6024 Ri!',
  LatestPayload: '6025 Ro!',
});

/** Water Network Leak Alarm (10280) 1.0 */
export const WaterNetworkLeakAlarm = /* @__PURE__ */ objectReference(10280, '1.0', {
  EventType: '6011 RWi!',
  AlarmRealtime: '6012 RWb!',
  AlarmState: '6013 Rb',
  AlarmSetThreshold: '6014 RWf',
  AlarmSetOperator: '6015 RWi',
  AlarmClearThreshold: '6016 RWf',
  AlarmClearOperator: '6017 RWi',
  AlarmMaximumEventCount: '6018 RWi',
  AlarmMaximumEventPeriod: '6019 RWi s',
  LatestDeliveredEventTime: '6020 RWt',
  LatestRecordedEventTime: '6021 Rt!',
  AlarmClear: '6022 E',
  AlarmAutoClear: '6023 RWb',
  EventCode: '6024 Ri!',
  LatestPayload: '6025 Ro!',
});

/** Low Battery Alarm (10281) 1.0 */
export const LowBatteryAlarm = /* @__PURE__ */ objectReference(10281, '1.0', {
  EventType: '6011 RWi!',
  AlarmRealtime: '6012 RWb!',
  AlarmState: '6013 Rb',
  AlarmSetThreshold: '6014 RWf',
  AlarmSetOperator: '6015 RWi',
  AlarmClearThreshold: '6016 RWf',
  AlarmClearOperator: '6017 RWi',
  AlarmMaximumEventCount: '6018 RWi',
  AlarmMaximumEventPeriod: '6019 RWi s',
  LatestDeliveredEventTime: '6020 RWt',
  LatestRecordedEventTime: '6021 Rt!',
  AlarmClear: '6022 E',
  AlarmAutoClear: '6023 RWb',
  EventCode: '6024 Ri!',
  LatestPayload: '6025 Ro!',
});

/** Daughter Board Failure Alarm (10282) 1.0 */
export const DaughterBoardFailureAlarm = /* @__PURE__ */ objectReference(10282, '1.0', {
  EventType: '6011 RWi!',
  AlarmRealtime: '6012 RWb!',
  AlarmState: '6013 Rb',
  AlarmSetThreshold: '6014 RWf',
  AlarmSetOperator: '6015 RWi',
  AlarmClearThreshold: '6016 RWf',
  AlarmClearOperator: '6017 RWi',
  AlarmMaximumEventCount: '6018 RWi',
  AlarmMaximumEventPeriod: '6019 RWi s',
  LatestDeliveredEventTime: '6020 RWt',
  LatestRecordedEventTime: '6021 Rt!',
  AlarmClear: '6022 E',
  AlarmAutoClear: '6023 RWb',
  EventCode: '6024 Ri!',
  LatestPayload: '6025 Ro!',
});

/** Device Reboot Event (10283) 1.0 */
export const DeviceRebootEvent = /* @__PURE__ */ objectReference(10283, '1.0', {
  EventType: '6011 RWi!',
  AlarmRealtime: '6012 RWb!',
  AlarmState: '6013 Rb',
  AlarmSetThreshold: '6014 RWf',
  AlarmSetOperator: '6015 RWi',
  AlarmClearThreshold: '6016 RWf',
  AlarmClearOperator: '6017 RWi',
  AlarmMaximumEventCount: '6018 RWi',
  AlarmMaximumEventPeriod: '6019 RWi s',
  LatestDeliveredEventTime: '6020 RWt',
  LatestRecordedEventTime: '6021 Rt!',
  AlarmClear: '6022 E',
  AlarmAutoClear: '6023 RWb',
  EventCode: '6024 Ri!',
  LatestPayload: '6025 Ro!',
});

/** Time Synchronisation Event (10284) 1.0 */
export const TimeSynchronisationEvent = /* @__PURE__ */ objectReference(10284, '1.0', {
  EventType: '6011 RWi!',
  AlarmRealtime: '6012 RWb!',
  AlarmState: '6013 Rb',
  AlarmSetThreshold: '6014 RWf',
  AlarmSetOperator: '6015 RWi',
  AlarmClearThreshold: '6016 RWf',
  AlarmClearOperator: '6017 RWi',
  AlarmMaximumEventCount: '6018 RWi',
  AlarmMaximumEventPeriod: '6019 RWi s',
  LatestDeliveredEventTime: '6020 RWt',
  LatestRecordedEventTime: '6021 Rt!',
  AlarmClear: '6022 E',
  AlarmAutoClear: '6023 RWb',
  EventCode: '6024 Ri!',
  LatestPayload: '6025 Ro!',
});

/** Presence Alarm (10285) 1.0 */
export const PresenceAlarm = /* @__PURE__ */ objectReference(10285, '1.0', {
  DigitalInputCounter: '5501 Ri',
  DigitalInputCounterReset: '5505 E',
  ApplicationType: '5750 RWs',
  SensorType: '5751 Rs',
  BusyToClearDelay: '5903 RWi ms',
  ClearToBusyDelay: '5904 RWi ms',
  EventType: '6011 RWi!',
  AlarmRealtime: '6012 RWb!',
  AlarmState: '6013 Rb',
  AlarmSetThreshold: '6014 RWf',
  AlarmSetOperator: '6015 RWi',
  AlarmClearThreshold: '6016 RWf',
  AlarmClearOperator: '6017 RWi',
  AlarmMaximumEventCount: '6018 RWi',
  AlarmMaximumEventPeriod: '6019 RWi s',
  LatestDeliveredEventTime: '6020 RWt',
  LatestRecordedEventTime: '6021 Rt!',
  AlarmClear: '6022 E',
  AlarmAutoClear: '6023 RWb',
  EventCode: '6024 Ri!',
  LatestPayload: '6025 Ro!',
  SampleFrequency: '6040 RWf s',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  AveragingTimePeriod: '6057 RWfm s',
});

/** App Fota Container (10286) 1.0 */
export const AppFotaContainer = /* @__PURE__ */ objectReference(10286, '1.0', {
  UlData: '0 Ro!',
  DlData: '1 Wo!',
});

/** Voltage Logging (10290) 1.0 */
export const VoltageLogging = /* @__PURE__ */ objectReference(10290, '1.0', {
  IntervalPeriod: '6000 Ri! s',
  IntervalStartOffset: '6001 Ri s',
  IntervalUtcOffset: '6002 Rs',
  IntervalCollectionStartTime: '6003 Rt!',
  OldestRecordedInterval: '6004 Rt!',
  LastDeliveredInterval: '6005 RWt',
  LatestRecordedInterval: '6006 Rt!',
  IntervalDeliveryMidnightAligned: '6007 RWb!',
  IntervalHistoricalRead: '6008 E',
  IntervalHistoricalReadPayload: '6009 Ro',
  IntervalChangeConfiguration: '6010 E',
  Start: '6026 E',
  Stop: '6027 E',
  Status: '6028 Ri',
  LatestPayload: '6029 Ro!',
});

/** Voltage Transient (10291) 1.0 */
export const VoltageTransient = /* @__PURE__ */ objectReference(10291, '1.0', {
  IntervalPeriod: '6000 Ri! s',
  IntervalStartOffset: '6001 Ri! s',
  IntervalUtcOffset: '6002 Rs',
  IntervalCollectionStartTime: '6003 Rt!',
  OldestRecordedInterval: '6004 Rt!',
  LastDeliveredInterval: '6005 RWt!',
  LatestRecordedInterval: '6006 Rt!',
  IntervalDeliveryMidnightAligned: '6007 RWb!',
  IntervalHistoricalRead: '6008 E',
  IntervalHistoricalReadPayload: '6009 Ro',
  IntervalChangeConfiguration: '6010 E',
  Start: '6026 E',
  Stop: '6027 E',
  Status: '6028 Ri',
  LatestPayload: '6029 Ro!',
  SampleFrequency: '6040 RWf! s',
});

/** Pressure Transient (10292) 1.0 */
export const PressureTransient = /* @__PURE__ */ objectReference(10292, '1.0', {
  IntervalPeriod: '6000 Ri! s',
  IntervalStartOffset: '6001 Ri! s',
  IntervalUtcOffset: '6002 Rs',
  IntervalCollectionStartTime: '6003 Rt!',
  OldestRecordedInterval: '6004 Rt!',
  LastDeliveredInterval: '6005 RWt!',
  LatestRecordedInterval: '6006 Rt!',
  IntervalDeliveryMidnightAligned: '6007 RWb!',
  IntervalHistoricalRead: '6008 E',
  IntervalHistoricalReadPayload: '6009 Ro',
  IntervalChangeConfiguration: '6010 E',
  Start: '6026 E',
  Stop: '6027 E',
  Status: '6028 Ri',
  LatestPayload: '6029 Ro!',
  SampleFrequency: '6040 RWf! s',
});

/** HostDevice (10299) 1.0 */
export const HostDevice = /* @__PURE__ */ objectReference(10299, '1.0', {
  Manufacturer: '0 Rs!',
  Model: '1 Rs!',
  UniqueId: '2 Rs!',
  FirmwareVersion: '3 Rs!',
  SoftwareVersion: '4 Rs',
  HardwareVersion: '5 Rs',
  DateStamp: '6 Rs',
});

/** LWM2M Meta Object (10300) 1.0 */
export const MetaObject = /* @__PURE__ */ objectReference(10300, '1.0', {
  ObjectId: '0 Ri!',
  ObjectUrn: '1 Rs!',
  Uri: '2 Rsm!',
  ShaType: '3 Ri',
  ChecksumValue: '4 Rs',
  ObjectInstanceHandle: '4000 Rl',
});

/** AT&T Connectivity Extension (10308) 2.0 */
export const AtTConnectivityExtension = /* @__PURE__ */ objectReference(10308, '2.0', {
  Iccid: '1 Rs!',
  Imsi: '2 Rs!',
  Msisdn: '3 RWs!',
  ApnRetries: '4 RWi!',
  ApnRetryPeriod: '5 RWi! s',
  ApnRetryBackOffPeriod: '6 RWi! s',
  Sinr: '7 Ri!',
  Srxlev: '8 Ri!',
  CeLevel: '9 Ri!',
});

/** Shareparkinglot (10309) 1.0 */
export const Shareparkinglot = /* @__PURE__ */ objectReference(10309, '1.0', {
  LockId: '1 Ri!',
  LockType: '2 Rs',
  LightSwitchState: '3 Rbm',
  Rssi: '4 Rim! dBm',
  BatteryCapacity: '5 Rfm %EL',
  DataUpTime: '6 Rtm!',
  Latitude: '5514 Rsm',
  Longitude: '5515 Rsm',
});

/** Solar Radiation (10311) 1.1 */
export const SolarRadiation = /* @__PURE__ */ objectReference(10311, '1.1', {
  Timestamp: '5518 Rt',
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MinRangeValue: '5603 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  CurrentCalibration: '5821 RWf',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
  FractionalTimestamp: '6050 Rf s',
});

/** Gas Readings (10313) 1.0 */
export const GasReadings = /* @__PURE__ */ objectReference(10313, '1.0', {
  IntervalPeriod: '6000 Ri! s',
  IntervalStartOffset: '6001 Ri s',
  IntervalUtcOffset: '6002 Rs',
  IntervalCollectionStartTime: '6003 Rt!',
  OldestRecordedInterval: '6004 Rt!',
  LastDeliveredInterval: '6005 RWt',
  LatestRecordedInterval: '6006 Rt!',
  IntervalDeliveryMidnightAligned: '6007 RWb!',
  IntervalHistoricalRead: '6008 E',
  IntervalHistoricalReadPayload: '6009 Ro',
  IntervalChangeConfiguration: '6010 E',
  Start: '6026 E',
  Stop: '6027 E',
  Status: '6028 Ri',
  LatestPayload: '6029 Ro!',
  SensorWarmUpTime: '6041 RWi s',
});

/** Particulates (10314) 1.0 */
export const Particulates = /* @__PURE__ */ objectReference(10314, '1.0', {
  MinMeasuredValue: '5601 Rf',
  MaxMeasuredValue: '5602 Rf',
  MaxRangeValue: '5604 Rf',
  ResetMinAndMaxMeasuredValues: '5605 E',
  SensorValue: '5700 Rf!',
  SensorUnits: '5701 Rs',
  ApplicationType: '5750 RWs',
  MeasuredParticleSize: '6043 Rf! m',
});

/** Robot (10315) 1.0 */
export const Robot = /* @__PURE__ */ objectReference(10315, '1.0', {
  RobotId: '1 Rs!',
  RobotType: '2 Rs!',
  RobotSerialNumber: '3 Rs!',
  Charging: '4 Rb!',
  Positioning: '5 Rb',
  Location: '6 Rl',
  BatteryLevel: '51 Ri! %',
  OnTime: '5852 RWi! s',
});

/** RCU (10316) 1.0 */
export const Rcu = /* @__PURE__ */ objectReference(10316, '1.0', {
  RcuId: '1 Rs!',
  RcuSerialNumber: '2 Rs!',
  RcuSoftwareVersion: '3 Rs!',
  RcuOsVersion: '4 Rs!',
  RcuCpuInfo: '5 Rs!',
  RcuRamInfo: '6 Rs!',
  RcuRomSize: '7 Ri! GB',
  RcuRomAvailableSize: '8 Ri! GB',
  SdStorage: '9 Ri! GB',
  SdAvailableStorage: '10 Ri! GB',
  RcuGpsLocation: '11 Rl',
  WiFiMac: '12 Rs',
  BluetoothMac: '13 Rs',
  CameraInfo: '14 Rs',
  BatteryLevel: '51 Ri! /100',
  DownloadedAppPackages: '60 Rsm!',
  RcuApps: '100 Rlm',
  OnTime: '5852 RWi! s',
});

/** RCU PM (10318) 1.0 */
export const RcuPm = /* @__PURE__ */ objectReference(10318, '1.0', {
  CpuUsage: '1 Ri! /100',
  MaxCpuUsage: '2 Ri! /100',
  MemoryUsage: '3 Ri! /100',
  StorageUsage: '4 Ri! /100',
  BatteryLevel: '51 Ri! /100',
  NetworkBandwidth: '52 Rf! Mbit/s',
  MobileSignal: '53 Ri!',
  GpsSignal: '54 Ri',
  WiFiSignal: '55 Ri!',
  UpLinkRate: '56 Rf! Mbit/s',
  DownLinkRate: '57 Rf! Mbit/s',
  PacketLossRate: '58 Ri! /100',
  NetworkLatency: '59 Ri! ms',
  BatteryTemperature: '300 Rf! Cel',
});

/** RCU Control (10319) 1.0 */
export const RcuControl = /* @__PURE__ */ objectReference(10319, '1.0', {
  RcuDiagnosticsMode: '1 Rb',
  RcuLogRecording: '2 Rb',
  RcuShutdown: '100 E!',
  RcuRestart: '101 E!',
  RcuDeactivate: '102 E!',
  RcuReset: '103 E!',
  RcuDiagnosticsModeControl: '104 E!',
  RcuLogRecordingControl: '105 E!',
});

/** CCU (10320) 1.0 */
export const Ccu = /* @__PURE__ */ objectReference(10320, '1.0', {
  CcuId: '1 Rs!',
  CcuFmVersion: '2 Rs!',
  CcuSwVersion: '3 Rs!',
  CcuMemorySize: '4 Ri! GB',
  CcuStorage: '5 Ri! GB',
  CcuAvailableStorage: '6 Ri! GB',
  DownloadedAppPackages: '100 Rsm',
  CcuApps: '101 Rlm',
  OnTime: '5852 RWi! s',
});

/** CCU PM (10322) 1.0 */
export const CcuPm = /* @__PURE__ */ objectReference(10322, '1.0', {
  CpuUsage: '1 Ri %',
  MaxCpuUsage: '2 Ri %',
  MemoryUsage: '3 Ri %',
  StorageUsage: '4 Ri %',
});

/** CCU Control (10323) 1.0 */
export const CcuControl = /* @__PURE__ */ objectReference(10323, '1.0', {
  CcuRestart: '100 E!',
  CcuReset: '101 E!',
  CcuSelfChecking: '102 E!',
});

/** ECU (10324) 1.0 */
export const Ecu = /* @__PURE__ */ objectReference(10324, '1.0', {
  EcuId: '1 Rs!',
  EcuFmVersion: '2 Rs!',
  OnTime: '5852 RWi! s',
});

/** Robot PM (10326) 1.0 */
export const RobotPm = /* @__PURE__ */ objectReference(10326, '1.0', {
  BatteryLevel: '51 Ri! /100',
  BatteryTemperature: '300 Ri! Cel',
  Temperature: '301 Rf Cel',
  Humidity: '302 Ri /100',
  Pm25: '303 Ri ug/m3',
  Smog: '304 Rf ug/m3',
  Co: '305 Rf ppm',
  Co2: '306 Rf ppm',
  Pm10: '307 Ri ug/m3',
  Speed: '601 Rf m/h',
  WaterUsed: '602 Ri /100',
  DustBoxUsed: '603 Ri /100',
  ObstacleDistance: '604 Ri cm',
  RobotTemperate: '607 Rf Cel',
  ConfidenceIndex: '608 Ri /100',
  DataTrafficUsed: '1101 Rf! Mbit/s',
  ImagesHandled: '1102 Ri',
  HariSVoiceRequests: '1103 Ri',
  HariSVisionRequests: '1104 Ri',
  HariSMotionRequests: '1105 Ri',
  HariSMapRequests: '1106 Ri',
  SuccessfulHariSVoiceRequests: '1107 Ri',
  SuccessfulHariSVisionRequests: '1108 Ri',
  SuccessfulHariSMotionRequests: '1109 Ri',
  SuccessfulHariSMapRequests: '1110 Ri',
  QuestionsAnswered: '1111 Ri',
  UnknownQuestions: '1112 Ri',
  Mileage: '1113 Ri m',
  CleanedTimes: '1114 Ri',
  CleanedArea: '1115 Rf m2',
  CleanedTime: '1116 Ri s',
  AsrRecognized: '1117 Ri B',
  IncorrectAsrRecognitions: '1118 Ri B',
  TriedTtsTexts: '1119 Ri B',
  SuccessfulTtsTexts: '1120 Ri B',
  AsrRecognizedCh: '1121 Ri B',
  TriedTtsTextsCh: '1122 Ri B',
  SuccessfulTtsTextsCh: '1123 Ri B',
  AsrRecognizedEn: '1124 Ri B',
  TriedTtsTextsEn: '1125 Ri B',
  SuccessfulTtsTextsEn: '1126 Ri B',
  AsrRecognizedEs: '1127 Ri B',
  TriedTtsTextsEs: '1128 Ri B',
  SuccessfulTtsTextsEs: '1129 Ri B',
  AsrRecognizedJa: '1130 Ri B',
  TriedTtsTextsJa: '1131 Ri B',
  SuccessfulTtsTextsJa: '1132 Ri B',
  AsrRecognizedScch: '1133 Ri B',
  TriedTtsTextsScch: '1134 Ri B',
  SuccessfulTtsTextsScch: '1135 Ri B',
  AsrRecognizedGdch: '1136 Ri B',
  TriedTtsTextsGdch: '1137 Ri B',
  SuccessfulTtsTextsGdch: '1138 Ri B',
  AsrRecognizedTch: '1139 Ri B',
  TriedTtsTextsTch: '1140 Ri B',
  SuccessfulTtsTextsTch: '1141 Ri B',
  ObjectsRecognitionTries: '1501 Ri',
  SuccessfulObjectRecognition: '1502 Ri',
  FaceRecognitionTries: '1503 Ri',
  SuccessfulFaceRecognitions: '1504 Ri',
  VehiclePlateRecognitionTries: '1505 Ri',
  SuccessfulVehiclePlateRecognitions: '1506 Ri',
  TasksAssigned: '1507 Ri!',
  SuccessfulTasksExecuted: '1508 Ri!',
  ImagesUploaded: '1509 Ri',
  VideosUploaded: '1510 Ri',
  ImagesMatted: '1511 Ri',
});

/** Compressor (10327) 1.0 */
export const Compressor = /* @__PURE__ */ objectReference(10327, '1.0', {
  CompressorName: '1 Rs!',
  CompressorStatus: '50 Rb!',
});

/** SCA PM (10328) 1.0 */
export const ScaPm = /* @__PURE__ */ objectReference(10328, '1.0', {
  ScaName: '1 Rs!',
  ScaCurrent: '605 Rf! A',
  ScaTemperate: '606 Rf! Cel',
});

/** Robot Control (10329) 1.0 */
export const RobotControl = /* @__PURE__ */ objectReference(10329, '1.0', {
  CollisionDetection: '1 Rb',
  DropDetection: '2 Rb',
  AutomaticNavigation: '3 Rb',
  RobotShutdown: '100 E!',
  RobotReboot: '101 E!',
  RobotReset: '102 E!',
  RobotWakeup: '103 E!',
  RobotSleep: '104 E!',
  RobotSelfChecking: '105 E!',
  EmergencyBraking: '106 E!',
  EmergencyBrakingRelease: '107 E!',
  ActionExecution: '110 E',
  ActionListUpload: '111 E',
  ActionListDownload: '112 E',
  GroupDancingProgramControl: '113 E',
  NavigationMapUpload: '114 E',
  GroupDancingProgramControl115: '115 E',
  NavigationMapDownload: '116 E',
  RouteListExecution: '117 E',
  RouteListUpload: '118 E',
  RouteListDownload: '119 E',
  AutomaticNavigationControl: '120 E',
  ManualNavigation: '121 E',
  MovingToChargingStation: '122 E',
  MovingToSpecifiedLocation: '123 E',
  LowFrequencyPatrolBroadcasting: '124 E',
  TaskStart: '125 E',
  TaskStop: '126 E',
  TaskSuspend: '127 E',
  TaskResume: '128 E',
  VideoUpload: '129 E',
  PictureUpload: '130 E',
  DefaultLanguageSwitching: '131 E',
  IntonationChange: '132 E',
  IntonationChange133: '133 E',
  SpeakingWithAction: '134 E',
  CollisionDetectionControl: '135 E!',
  DropDetectionControl: '136 E!',
});

/** Network Info (10330) 1.0 */
export const NetworkInfo = /* @__PURE__ */ objectReference(10330, '1.0', {
  Imei: '1 Rs!',
  Imsi: '2 Rs!',
  RadioConnectivity: '3 Rl!',
  GpsSignalStatus: '4 Ri',
  VbnConnectionStatus: '5 Ri!',
  HariConnectionStatus: '6 Ri!',
  CcuConnectionStatus: '7 Rim',
});

/** Robot Service Info (10331) 1.0 */
export const RobotServiceInfo = /* @__PURE__ */ objectReference(10331, '1.0', {
  CurrentStatus: '1 Rs!',
  ServicesProviding: '2 Rs',
  AdvertisingContents: '3 Rs!',
  CurrentLanguage: '4 Rs',
  Volume: '5 Rs /100',
  MovingStatus: '6 Ri',
  MovingSpeed: '7 Rf m/h',
  Location: '8 Rl',
  MapList: '9 Rs',
  PlannedRouteList: '10 Rs',
  CurrentRoute: '11 Rs',
  RouteToDoList: '12 Rs',
  SynchronousWhistle: '13 Rb!',
  CurrentActions: '14 Rs',
  AsrType: '15 Ri',
  TtsVendor: '50 Rs',
  TtsSpeaker: '51 Rs',
});

/** Robot Selfcheck Info (10332) 1.0 */
export const RobotSelfcheckInfo = /* @__PURE__ */ objectReference(10332, '1.0', {
  Entity: '1 Rs!',
  Status: '2 Ri!',
});

/** PM Threshold (10333) 1.0 */
export const PmThreshold = /* @__PURE__ */ objectReference(10333, '1.0', {
  Entity: '1 RWsm!',
  PerformanceType: '2 RWsm!',
  HighThreshold: '3 RWfm!',
  LowThreshold: '4 RWfm!',
});

/** Robot Alarm (10334) 1.0 */
export const RobotAlarm = /* @__PURE__ */ objectReference(10334, '1.0', {
  Entity: '1 Rs!',
  ProbableCause: '2 Ri!',
  SpecificProblem: '3 Rs!',
  AlarmType: '4 Ri!',
  Severity: '5 Ri!',
  ReportTime: '6 Rt!',
  SequenceNo: '7 Ri!',
  AdditionalInfo: '8 Rs',
});

/** Event (10335) 1.0 */
export const Event = /* @__PURE__ */ objectReference(10335, '1.0', {
  Entity: '1 Rs!',
  EventType: '2 Ri!',
  Time: '3 Rt!',
  SequenceNo: '4 Ri!',
  AdditionalInfo: '5 Rs',
});

/** MIC (10336) 1.0 */
export const Mic = /* @__PURE__ */ objectReference(10336, '1.0', {
  HostDeviceManufacturer: '5905 Rs',
  HostDeviceModelNumber: '5906 Rs',
  HostDeviceUniqueId: '5907 Rs',
});

/** SCA (10337) 1.0 */
export const Sca = /* @__PURE__ */ objectReference(10337, '1.0', {
  ScaName: '1 Rs!',
  ScaMotionStatus: '100 Ri',
  ScaMotionControl: '200 E',
});

/** Speaker (10338) 1.0 */
export const Speaker = /* @__PURE__ */ objectReference(10338, '1.0', {
  SpeakerStatus: '1 Rb!',
  VoiceWarning: '2 Rb!',
  VoiceControl: '100 E!',
  VoiceWarningControl: '101 E!',
});

/** Tripod Head (10339) 1.0 */
export const TripodHead = /* @__PURE__ */ objectReference(10339, '1.0', {
  TripodDirectionControl: '100 E',
  TripodAutomaticControl: '101 E',
  TripodReset: '102 E',
  HostDeviceManufacturer: '5905 Rs',
  HostDeviceModelNumber: '5906 Rs',
  HostDeviceUniqueId: '5907 Rs',
});

/** Camera (10340) 1.0 */
export const Camera = /* @__PURE__ */ objectReference(10340, '1.0', {
  CameraName: '1 Rs!',
  CameraStatus: '2 Rb!',
  ConnectionStatus: '3 Rb!',
  WorkingStatus: '4 Ri!',
  LocalRecording: '5 Rb!',
  ImageMatting: '6 Rb!',
  CameraSnapshot: '7 Rb!',
  CameraRecording: '8 Rb!',
  CameraControl: '100 E!',
  LocalRecordingControl: '101 E!',
  ImageMattingControl: '102 E!',
  CameraSnapshotControl: '103 E!',
  CameraRecordingControl: '104 E!',
});

/** GPS (10341) 1.0 */
export const Gps = /* @__PURE__ */ objectReference(10341, '1.0', {
  HostDeviceManufacturer: '5905 Rs',
  HostDeviceModelNumber: '5906 Rs',
  HostDeviceUniqueId: '5907 Rs',
});

/** IMU (10342) 1.0 */
export const Imu = /* @__PURE__ */ objectReference(10342, '1.0', {
  HostDeviceManufacturer: '5905 Rs',
  HostDeviceModelNumber: '5906 Rs',
  HostDeviceUniqueId: '5907 Rs',
});

/** LiDAR (10343) 1.0 */
export const LiDar = /* @__PURE__ */ objectReference(10343, '1.0', {
  LiDarName: '1 Rs!',
  HostDeviceManufacturer: '5905 Rs',
  HostDeviceModelNumber: '5906 Rs',
  HostDeviceUniqueId: '5907 Rs',
});

/** Arm (10344) 1.0 */
export const Arm = /* @__PURE__ */ objectReference(10344, '1.0', {
  ArmName: '1 Rs!',
  HostDeviceManufacturer: '5905 Rs',
  HostDeviceModelNumber: '5906 Rs',
  HostDeviceUniqueId: '5907 Rs',
});

/** Leg (10345) 1.0 */
export const Leg = /* @__PURE__ */ objectReference(10345, '1.0', {
  LegName: '1 Rs!',
  HostDeviceManufacturer: '5905 Rs',
  HostDeviceModelNumber: '5906 Rs',
  HostDeviceUniqueId: '5907 Rs',
});

/** Servomotor (10346) 1.0 */
export const Servomotor = /* @__PURE__ */ objectReference(10346, '1.0', {
  ServomotorName: '1 Rs!',
  HostDeviceManufacturer: '5905 Rs',
  HostDeviceModelNumber: '5906 Rs',
  HostDeviceUniqueId: '5907 Rs',
});

/** Screen (10347) 1.0 */
export const Screen = /* @__PURE__ */ objectReference(10347, '1.0', {
  ScreenStatus: '1 Rb!',
  StartupPage: '2 Rs',
  CurrentDisplayingPageOrCurrentScreenPlayList: '3 Rs',
  ScreenControl: '100 E!',
  StartupPageSet: '101 E!',
  ScreenPageSet: '102 E!',
  ScreenPlayListSet: '103 E!',
});

/** Wheel (10348) 1.0 */
export const Wheel = /* @__PURE__ */ objectReference(10348, '1.0', {
  WheelName: '1 Rs!',
  HostDeviceManufacturer: '5905 Rs',
  HostDeviceModelNumber: '5906 Rs',
  HostDeviceUniqueId: '5907 Rs',
});

/** Chassis (10349) 1.0 */
export const Chassis = /* @__PURE__ */ objectReference(10349, '1.0', {
  HostDeviceManufacturer: '5905 Rs',
  HostDeviceModelNumber: '5906 Rs',
  HostDeviceUniqueId: '5907 Rs',
});

/** Light (10350) 1.0 */
export const Light = /* @__PURE__ */ objectReference(10350, '1.0', {
  LightName: '1 Rs!',
  LightStatus: '2 Rb!',
  LightControl: '100 E!',
});

/** Door (10351) 1.0 */
export const Door = /* @__PURE__ */ objectReference(10351, '1.0', {
  DoorName: '1 Rs!',
  DoorStatus: '50 Rb!',
  DoorControl: '100 E!',
});

/** Thermal Imager (10352) 1.0 */
export const ThermalImager = /* @__PURE__ */ objectReference(10352, '1.0', {
  HighestTemperature: '1 Rf! Cel',
  LowestTemperature: '2 Rf! Cel',
  AverageTemperature: '3 Rf! Cel',
});

/** Warning Light (10353) 1.0 */
export const WarningLight = /* @__PURE__ */ objectReference(10353, '1.0', {
  LightStatus: '1 Rb!',
  LightWarning: '2 Rb!',
  LightControl: '100 E!',
  LightWarningControl: '101 E!',
});

/** APP (10354) 1.0 */
export const App = /* @__PURE__ */ objectReference(10354, '1.0', {
  AppName: '1 RWs!',
  AppVersion: '2 RWs!',
  AppBuildNo: '3 RWs',
  AppPatchNo: '4 RWs',
  PackageUri: '5 Ws',
  VendorName: '6 RWs',
  InstallationTarget: '7 RWl!',
  AppStatus: '8 Ri!',
  AppRestart: '100 E!',
  AppStart: '101 E!',
  AppStop: '102 E!',
  AppDownload: '103 E!',
  AppInstall: '104 E!',
  AppUninstall: '105 E!',
  AppActivate: '106 E!',
  AppDeactivate: '107 E!',
  AppVerify: '108 E!',
});

/** General Info (10355) 1.0 */
export const GeneralInfo = /* @__PURE__ */ objectReference(10355, '1.0', {
  RobotGeneralInfo: '100 Rl!',
  RcuGeneralInfo: '101 Rl!',
  CcuGeneralInfo: '102 Rlm',
  EcuGeneralInfo: '103 Rlm',
});

/** Service Info (10356) 1.0 */
export const ServiceInfo = /* @__PURE__ */ objectReference(10356, '1.0', {
  RobotServiceInfo: '100 Rl!',
  ScaInfo: '101 Rlm',
  SpeakerInfo: '102 Rl',
  CameraInfo: '103 Rlm',
  ScreenInfo: '104 Rl',
  LightInfo: '105 Rlm',
  WarningLightInfo: '106 Rl',
  DoorInfo: '107 Rlm',
  ThermalImagerInfo: '108 Rl',
  CompressorInfo: '109 Rlm',
  LockInfo: '110 Rlm',
  CollisionSensorInfo: '111 Rlm',
  DropSensorInfo: '112 Rlm',
});

/** PM (10357) 1.0 */
export const Pm = /* @__PURE__ */ objectReference(10357, '1.0', {
  RobotPm: '100 Rl!',
  RcuPm: '101 Rl!',
  CcuPm: '102 Rlm',
  ScaPm: '103 Rlm',
});

/** Fan PM (10358) 1.0 */
export const FanPm = /* @__PURE__ */ objectReference(10358, '1.0', {
  FanName: '1 Rs!',
  FanSpeed: '609 Ri 1/min',
});

/** Lock (10359) 1.0 */
export const Lock = /* @__PURE__ */ objectReference(10359, '1.0', {
  LockName: '1 Rs!',
  LockStatus: '50 Rb',
  LockControl: '100 E!',
});

/** Ultrasonic Sensor (10360) 1.0 */
export const UltrasonicSensor = /* @__PURE__ */ objectReference(10360, '1.0', {
  Name: '1 Rs!',
  Status: '50 Ri!',
});

/** Collision Sensor (10361) 1.0 */
export const CollisionSensor = /* @__PURE__ */ objectReference(10361, '1.0', {
  Name: '1 Rs!',
  Status: '50 Ri!',
  CollisionDetection: '51 Rb',
  CollisionDetectionControl: '100 E!',
});

/** Drop Sensor (10362) 1.0 */
export const DropSensor = /* @__PURE__ */ objectReference(10362, '1.0', {
  Name: '1 Rs!',
  Status: '50 Ri!',
  DropDetection: '51 Rb',
  DropDetectionControl: '100 E!',
});

/** Temperature Sensor (10363) 1.0 */
export const TemperatureSensor = /* @__PURE__ */ objectReference(10363, '1.0', {
  Status: '50 Ri!',
});

/** Humidity Sensor (10364) 1.0 */
export const HumiditySensor = /* @__PURE__ */ objectReference(10364, '1.0', {
  Status: '50 Ri!',
});

/** Gas-Dust Sensor (10365) 1.0 */
export const GasDustSensor = /* @__PURE__ */ objectReference(10365, '1.0', {
  Status: '50 Ri!',
});

/** Fan (10366) 1.0 */
export const Fan = /* @__PURE__ */ objectReference(10366, '1.0', {
  FanName: '1 Rs!',
});

/** SpringMotor (10368) 1.0 */
export const SpringMotor = /* @__PURE__ */ objectReference(10368, '1.0', {
  SpringMotorName: '1 Rs!',
  HostDeviceManufacturer: '5905 Rs',
  HostDeviceModelNumber: '5906 Rs',
  HostDeviceUniqueId: '5907 Rs',
});

/** MCU (10369) 1.0 */
export const Mcu = /* @__PURE__ */ objectReference(10369, '1.0', {
  HostDeviceManufacturer: '5905 Rs',
  HostDeviceModelNumber: '5906 Rs',
  HostDeviceUniqueId: '5907 Rs',
});

/** Reboot Status (10371) 1.0 */
export const RebootStatus = /* @__PURE__ */ objectReference(10371, '1.0', {
  RebootState: '0 Ri!',
  RebootErrorMessage: '1 Rs!',
  ResetFactoryState: '2 Ri',
  ResetFactoryErrorMessage: '3 Rs',
});

/** Modbus Connection (10374) 1.0 */
export const ModbusConnection = /* @__PURE__ */ objectReference(10374, '1.0', {
  Address: '0 RWs!',
  PhysicalLayerType: '1 RWi!',
  Enable: '2 RWb!',
  Baudrate: '3 RWi bit/s',
  StopBits: '4 RWi',
  Parity: '5 RWi',
  HardwareControlFlowMode: '6 RWi',
  AvailableRtuPorts: '7 Rsm',
  State: '8 Ri!',
});

/** Modbus Register Cluster (10375) 1.0 */
export const ModbusRegisterCluster = /* @__PURE__ */ objectReference(10375, '1.0', {
  Connection: '0 RWl!',
  RegisterType: '1 RWi!',
  UnitId: '2 RWi!',
  StartingRegisterAddress: '3 RWi!',
  QuantityOfRegisters: '4 RWi',
  Values: '5 RWim!',
  MinimumMeasuredValues: '6 Rim',
  MaximumMeasuredValues: '7 Rim',
  ResetMinimumAndMaximumMeasuredValues: '8 E',
});

/** Periodic Activity (10376) 1.0 */
export const PeriodicActivity = /* @__PURE__ */ objectReference(10376, '1.0', {
  ActivityName: '0 Rs!',
  ActivityDescription: '1 Rs!',
  ActivitySettings: '2 RWo',
  StartMask: '3 RWs!',
  PeriodicInterval: '4 RWi! s',
  RunPeriod: '5 RWi s',
  Record: '6 Ro',
  RecordHeadIndex: '7 Ri',
  RecordTailIndex: '8 Ri',
  RecordReadIndex: '9 RWi',
  RecordDispatchStartMask: '10 RWs',
  RecordDispatchInterval: '11 RWi s',
});

/** Data Monitoring (10377) 1.0 */
export const DataMonitoring = /* @__PURE__ */ objectReference(10377, '1.0', {
  MonitoringName: '0 Rs!',
  MonitoringDescription: '1 Rs!',
  MonitoringSettings: '2 RWo',
  Data: '3 Ro!',
  DataSamplingStartMask: '4 RWs',
  DataSamplingInterval: '5 RWi s',
  DataSamplingRunPeriod: '6 RWi s',
  ReferenceA: '7 RWo!',
  ComparisonA: '8 RWi!',
  ReferenceB: '9 RWo',
  ComparisonB: '10 RWi',
  ReferenceC: '11 RWo',
  ComparisonC: '12 RWi',
  MonitoringResults: '13 RWo!',
});

/** Edge Application Server Configuration (10378) 1.0 */
export const EdgeApplicationServerConfiguration = /* @__PURE__ */ objectReference(10378, '1.0', {
  ApplicationClientId: '0 RWs!',
  EasId: '1 RWsm!',
  EasEndpoint: '2 RWsm!',
  Type: '3 RWim',
});

/** Event Profile (10379) 1.0 */
export const EventProfile = /* @__PURE__ */ objectReference(10379, '1.0', {
  EventsToCapture: '0 RWim!',
  EventsCaptured: '1 Rom!',
  ActiveEvents: '2 Rim',
  EventsConfiguredAsAlarm: '3 RWim',
  AlarmsCaptured: '4 Rom',
  CaptureEvent: '5 E',
  ClearEvents: '6 E!',
  ClearAlarms: '7 E!',
  MaximumEventCount: '8 RWim',
  MaximumEventPeriod: '9 RWim s',
});

/** Cellular Network and Bearer Control (10479) 1.0 */
export const CellularNetworkAndBearerControl = /* @__PURE__ */ objectReference(10479, '1.0', {
  PlmnName: '0 Rs!',
  Mcc: '1 Rs!',
  Mnc: '2 Rs!',
  NetworkBearer: '3 Ri!',
  CurrentlyInUse: '4 Rb!',
  RadioSignalStrength: '5 Ri! dBm',
  LinkQuality: '6 Ri!',
  SignalSnr: '7 Ri dB',
  CoverageEnhancementLevel: '8 Ri',
  SelectNetwork: '9 E',
  SelectNetworkAndBearer: '10 E',
  DeviceSupportsManualNetworkSelection: '11 Rb',
  NetworkManuallySelected: '12 Rb',
  DeviceSupportsManualBearerSelection: '13 Rb',
  BearerManuallySelected: '14 Rb',
  PerformNetworkScan: '15 E!',
  ResetNetworkSelection: '16 E',
});

/** Network Speed Test (10481) 1.0 */
export const NetworkSpeedTest = /* @__PURE__ */ objectReference(10481, '1.0', {
  PerformSpeedTest: '0 E!',
  LastUpdated: '1 Rt!',
  ServerAddress: '2 RWs!',
  DownloadSpeed: '3 Rf! MB/s',
  UploadSpeed: '4 Rf! MB/s',
  PingLatency: '5 Rf! ms',
});

/** DYM IoT edge commands and data protocols (10482) 1.0 */
export const DymIotEdgeCommandsAndDataProtocols = /* @__PURE__ */ objectReference(10482, '1.0', {
  MqttRedisInformation: '0 E',
  DisableEdge: '1 E',
  EnableEdge: '2 E',
  DeleteEdge: '3 E',
  PluginManagement: '4 RWs',
  ReadData: '5 Ro',
  WriteData: '6 RWs',
  WriteDataOperation: '7 E',
  ReadDataOperation: '8 E!',
  ObserveData: '9 E',
  UpdateObserveData: '10 E',
  RemoveObserveData: '11 E',
});

/** MQTT Broker (18830) 1.0 */
export const MqttBroker = /* @__PURE__ */ objectReference(18830, '1.0', {
  Uri: '0 RWs!',
  ClientIdentifier: '1 RWs!',
  CleanSession: '2 RWb!',
  KeepAlive: '3 RWu! s',
  UserName: '4 RWs',
  Password: '5 RWo',
  SecurityMode: '6 RWi!',
  PublicKeyOrIdentity: '7 RWo',
  MqttBrokerPublicKey: '8 RWo',
  SecretKey: '9 Wo',
  CertificateUsage: '10 RWi',
});

/** MQTT Publication (18831) 1.0 */
export const MqttPublication = /* @__PURE__ */ objectReference(18831, '1.0', {
  Source: '0 RWc!',
  Broker: '1 RWl!',
  Topic: '2 RWs!',
  QoS: '3 RWu!',
  Retain: '4 RWb!',
  Active: '5 RWb',
  Encoding: '6 RWu',
});
