// Facts taken from the OMA LwM2M registry by src/generate/main.ts. Do not edit. Copyright notices: see NOTICE.
// Each resource is its id, flags and units, as described in src/table.ts.

import { objectReference } from '../reference.ts';

export { inVersion, type ObjectReference, type ResourceReference } from '../reference.ts';

/** LWM2M Security (0) 1.2 */
export const Security = /* @__PURE__ */ objectReference(0, '1.2', {
  ServerUri: '0 s!',
  BootstrapServer: '1 b!',
  SecurityMode: '2 i!',
  PublicKeyOrIdentity: '3 o!',
  ServerPublicKey: '4 o!',
  SecretKey: '5 o!',
  SmsSecurityMode: '6 i',
  SmsBindingKeyParameters: '7 o',
  SmsBindingSecretKeyS: '8 o',
  ServerSmsNumber: '9 s',
  ShortServerId: '10 i',
  ClientHoldOffTime: '11 i s',
  BootstrapServerAccountTimeout: '12 i s',
  MatchingType: '13 u',
  Sni: '14 s',
  CertificateUsage: '15 u',
  DtlsTlsCiphersuite: '16 um',
  OscoreSecurityMode: '17 l',
  GroupsToUseByClient: '18 um',
  SignatureAlgorithmsSupportedByServer: '19 um',
  SignatureAlgorithmsToUseByClient: '20 um',
  SignatureAlgorithmCertsSupportedByServer: '21 um',
  Tls13FeaturesToUseByClient: '22 u',
  TlsExtensionsSupportedByServer: '23 u',
  TlsExtensionsToUseByClient: '24 u',
  SecondaryLwM2MServerUri: '25 sm',
  MqttServer: '26 l',
  CoseSecurity: '27 lm',
  RdsDestinationPort: '28 i',
  RdsSourcePort: '29 i',
  RdsApplicationId: '30 s',
});

/** LwM2M Server (1) 1.2 */
export const Server = /* @__PURE__ */ objectReference(1, '1.2', {
  ShortServerId: '0 Ri!',
  Lifetime: '1 RWi! s',
  DefaultMinimumPeriod: '2 RWi s',
  DefaultMaximumPeriod: '3 RWi s',
  Disable: '4 E',
  DisableTimeout: '5 RWi s',
  NotificationStoringWhenDisabledOrOffline: '6 RWb!',
  Binding: '7 RWs!',
  RegistrationUpdateTrigger: '8 E!',
  BootstrapRequestTrigger: '9 E',
  ApnLink: '10 RWl',
  TlsDtlsAlertCode: '11 Ru',
  LastBootstrapped: '12 Rt',
  RegistrationPriorityOrder: '13 Ru',
  InitialRegistrationDelayTimer: '14 RWu s',
  RegistrationFailureBlock: '15 Rb',
  BootstrapOnRegistrationFailure: '16 Rb',
  CommunicationRetryCount: '17 RWu',
  CommunicationRetryTimer: '18 RWu s',
  CommunicationSequenceDelayTimer: '19 RWu s',
  CommunicationSequenceRetryCount: '20 RWu',
  Trigger: '21 RWb',
  PreferredTransport: '22 RWs',
  MuteSend: '23 RWb',
  AlternateApnLinks: '24 RWlm',
  SupportedServerVersions: '25 RWsm',
  DefaultNotificationMode: '26 RWi',
  ProfileIdHashAlgorithm: '27 RWu',
});

/** LwM2M Access Control (2) 1.1 */
export const AccessControl = /* @__PURE__ */ objectReference(2, '1.1', {
  ObjectId: '0 Ri!',
  ObjectInstanceId: '1 Ri!',
  Acl: '2 RWim',
  AccessControlOwner: '3 RWi!',
});

/** Device (3) 1.2 */
export const Device = /* @__PURE__ */ objectReference(3, '1.2', {
  Manufacturer: '0 Rs',
  ModelNumber: '1 Rs',
  SerialNumber: '2 Rs',
  FirmwareVersion: '3 Rs',
  Reboot: '4 E!',
  FactoryReset: '5 E',
  AvailablePowerSources: '6 Rim',
  PowerSourceVoltage: '7 Rim',
  PowerSourceCurrent: '8 Rim',
  BatteryLevel: '9 Ri /100',
  MemoryFree: '10 Ri',
  ErrorCode: '11 Rim!',
  ResetErrorCode: '12 E',
  CurrentTime: '13 RWt',
  UtcOffset: '14 RWs',
  Timezone: '15 RWs',
  SupportedBindingAndModes: '16 Rs!',
  DeviceType: '17 Rs',
  HardwareVersion: '18 Rs',
  SoftwareVersion: '19 Rs',
  BatteryStatus: '20 Ri',
  MemoryTotal: '21 Ri',
  ExtDevInfo: '22 Rlm',
});

/** Connectivity Monitoring (4) 1.3 */
export const ConnectivityMonitoring = /* @__PURE__ */ objectReference(4, '1.3', {
  NetworkBearer: '0 Ri!',
  AvailableNetworkBearer: '1 Rim!',
  RadioSignalStrength: '2 Ri! dBm',
  LinkQuality: '3 Ri',
  IpAddresses: '4 Rsm!',
  RouterIpAddresses: '5 Rsm',
  LinkUtilization: '6 Ri /100',
  Apn: '7 Rsm',
  CellId: '8 Ri',
  Smnc: '9 Ri',
  Smcc: '10 Ri',
  SignalSnr: '11 Ri dB',
  Lac: '12 Ri',
  CoverageEnhancementLevel: '13 Ri',
});

/** Firmware Update (5) 1.2 */
export const FirmwareUpdate = /* @__PURE__ */ objectReference(5, '1.2', {
  Package: '0 Wo!',
  PackageUri: '1 RWs!',
  Update: '2 E!',
  State: '3 Ri!',
  UpdateResult: '5 Ri!',
  PkgName: '6 Rs',
  PkgVersion: '7 Rs',
  FirmwareUpdateProtocolSupport: '8 Rim',
  FirmwareUpdateDeliveryMethod: '9 Ri!',
  Cancel: '10 E',
  Severity: '11 RWi',
  LastStateChangeTime: '12 Rt',
  MaximumDeferPeriod: '13 RWu s',
  AutomaticUpgradeAtDownload: '14 RWb',
});

/** Location (6) 1.0 */
export const Location = /* @__PURE__ */ objectReference(6, '1.0', {
  Latitude: '0 Rf! lat',
  Longitude: '1 Rf! lon',
  Altitude: '2 Rf m',
  Radius: '3 Rf m',
  Velocity: '4 Ro',
  Timestamp: '5 Rt!',
  Speed: '6 Rf m/s',
});

/** Connectivity Statistics (7) 1.0 */
export const ConnectivityStatistics = /* @__PURE__ */ objectReference(7, '1.0', {
  SmsTxCounter: '0 Ri',
  SmsRxCounter: '1 Ri',
  TxData: '2 Ri',
  RxData: '3 Ri',
  MaxMessageSize: '4 Ri B',
  AverageMessageSize: '5 Ri B',
  Start: '6 E!',
  Stop: '7 E!',
  CollectionPeriod: '8 RWi s',
});

/** Lock and Wipe (8) 1.0 */
export const LockAndWipe = /* @__PURE__ */ objectReference(8, '1.0', {
  State: '0 RWi!',
  LockTarget: '1 Wsm!',
  WipeItem: '2 Rsm',
  Wipe: '3 E!',
  WipeTarget: '4 Wsm!',
  LockOrWipeOperationResult: '5 Ri!',
});

/** LWM2M Software Management (9) 1.0 */
export const SoftwareManagement = /* @__PURE__ */ objectReference(9, '1.0', {
  PkgName: '0 Rs!',
  PkgVersion: '1 Rs!',
  Package: '2 Wo',
  PackageUri: '3 Ws',
  Install: '4 E!',
  Checkpoint: '5 Rl',
  Uninstall: '6 E!',
  UpdateState: '7 Ri!',
  UpdateSupportedObjects: '8 RWb',
  UpdateResult: '9 Ri!',
  Activate: '10 E!',
  Deactivate: '11 E!',
  ActivationState: '12 Rb!',
  PackageSettings: '13 RWl',
  UserName: '14 Ws',
  Password: '15 Ws',
  StatusReason: '16 Rs',
  SoftwareComponentLink: '17 Rlm',
  SoftwareComponentTreeLength: '18 Ri',
});

/** LWM2M Cellular Connectivity (10) 1.1 */
export const CellularConnectivity = /* @__PURE__ */ objectReference(10, '1.1', {
  SmscAddress: '0 RWs',
  DisableRadioPeriod: '1 RWi',
  ModuleActivationCode: '2 RWs',
  VendorSpecificExtensions: '3 Rl',
  PsmTimer: '4 RWi s',
  ActiveTimer: '5 RWi s',
  EdrxParametersForIuMode: '7 RWo',
  EdrxParametersForWbS1Mode: '8 RWo',
  EdrxParametersForNbS1Mode: '9 RWo',
  EdrxParametersForAGbMode: '10 RWo',
  ActivatedProfileNames: '11 Rlm!',
  SupportedPowerSavingModes: '12 Ru',
  ActivePowerSavingModes: '13 RWu',
  ReleaseAssistanceIndicationUsage: '14 RWu',
});

/** LWM2M APN Connection Profile (11) 1.1 */
export const ApnConnectionProfile = /* @__PURE__ */ objectReference(11, '1.1', {
  ProfileName: '0 RWs!',
  Apn: '1 RWs',
  AutoSelectApnByDevice: '2 RWb',
  EnableStatus: '3 RWb',
  AuthenticationType: '4 RWi!',
  UserName: '5 RWs',
  Secret: '6 RWs',
  ReconnectSchedule: '7 RWs',
  ValidityMccMnc: '8 RWsm',
  ConnectionEstablishmentTime: '9 Rtm',
  ConnectionEstablishmentResult: '10 Rim',
  ConnectionEstablishmentRejectCause: '11 Rim',
  ConnectionEndTime: '12 Rtm',
  TotalBytesSent: '13 Ri',
  TotalBytesReceived: '14 Ri',
  IpAddress: '15 RWsm',
  PrefixLength: '16 RWsm',
  SubnetMask: '17 RWsm',
  Gateway: '18 RWsm',
  PrimaryDnsAddress: '19 RWsm',
  SecondaryDnsAddress: '20 RWsm',
  Qci: '21 Ri',
  VendorSpecificExtensions: '22 Rl',
  TotalPacketsSent: '23 Ri',
  PdnType: '24 RWi',
  ApnRateControl: '25 Ri',
  ServingPlmnRateControl: '26 RWu',
  UplinkTimeUnit: '27 RWu',
  ApnRateControlForExceptionData: '28 Ri',
  ApnExceptionDataUplinkTimeUnit: '29 RWu',
  SupportedRatTypes: '30 RWum',
  RdsApplicationId: '31 RWsm',
  RdsDestinationPort: '32 RWim',
  RdsSourcePort: '33 RWim',
});

/** WLAN connectivity (12) 1.1 */
export const WlanConnectivity = /* @__PURE__ */ objectReference(12, '1.1', {
  InterfaceName: '0 RWs!',
  Enable: '1 RWb!',
  RadioEnabled: '2 RWi',
  Status: '3 Ri!',
  Bssid: '4 Rs!',
  Ssid: '5 RWs!',
  BroadcastSsid: '6 RWb',
  BeaconEnabled: '7 RWb',
  Mode: '8 RWi!',
  Channel: '9 RWi!',
  AutoChannel: '10 RWb',
  SupportedChannels: '11 RWim',
  ChannelsInUse: '12 RWim',
  RegulatoryDomain: '13 RWs',
  Standard: '14 RWi!',
  AuthenticationMode: '15 RWi!',
  EncryptionMode: '16 RWi',
  WpaPreSharedKey: '17 Ws',
  WpaKeyPhrase: '18 Ws',
  WepEncryptionType: '19 RWi',
  WepKeyIndex: '20 RWi',
  WepKeyPhrase: '21 Ws',
  WepKey1: '22 Ws',
  WepKey2: '23 Ws',
  WepKey3: '24 Ws',
  WepKey4: '25 Ws',
  RadiusServer: '26 RWs',
  RadiusServerPort: '27 RWi',
  RadiusSecret: '28 Ws',
  WmmSupported: '29 Rb',
  WmmEnabled: '30 RWb',
  MacControlEnabled: '31 RWb',
  MacAddressList: '32 RWsm',
  TotalBytesSent: '33 Ri',
  TotalBytesReceived: '34 Ri',
  TotalPacketsSent: '35 Ri',
  TotalPacketsReceived: '36 Ri',
  TransmitErrors: '37 Ri',
  ReceiveErrors: '38 Ri',
  UnicastPacketsSent: '39 Ri',
  UnicastPacketsReceived: '40 Ri',
  MulticastPacketsSent: '41 Ri',
  MulticastPacketsReceived: '42 Ri',
  BroadcastPacketsSent: '43 Ri',
  BroadcastPacketsReceived: '44 Ri',
  DiscardPacketsSent: '45 Ri',
  DiscardPacketsReceived: '46 Ri',
  UnknownPacketsReceived: '47 Ri',
  VendorSpecificExtensions: '48 Rl',
});

/** LWM2M Bearer Selection (13) 1.1 */
export const BearerSelection = /* @__PURE__ */ objectReference(13, '1.1', {
  PreferredCommunicationsBearer: '0 RWim',
  AcceptableRssiGsm: '1 RWi',
  AcceptableRscpUmts: '2 RWi',
  AcceptableRsrpLte: '3 RWi',
  AcceptableRssi1XEvDo: '4 RWi',
  CellLockList: '5 RWs',
  OperatorList: '6 RWs',
  OperatorListMode: '7 RWb',
  ListOfAvailablePlmns: '8 Rs',
  VendorSpecificExtensions: '9 Rl',
  AcceptableRsrpNbIot: '10 RWi',
  HigherPriorityPlmnSearchTimer: '11 RWi',
  AttachWithoutPdnConnection: '12 RWb',
});

/** LWM2M Software Component (14) 1.0 */
export const SoftwareComponent = /* @__PURE__ */ objectReference(14, '1.0', {
  ComponentIdentity: '0 Rs',
  ComponentPack: '1 Ro',
  ComponentVersion: '2 Rs',
  Activate: '3 E',
  Deactivate: '4 E',
  ActivationState: '5 Rb',
});

/** DevCapMgmt (15) 2.0 */
export const DevCapMgmt = /* @__PURE__ */ objectReference(15, '2.0', {
  Property: '0 Rs!',
  Group: '1 Ri!',
  Description: '2 Rs',
  Attached: '3 Rb',
  Enabled: '4 Rb!',
  OpEnable: '5 E!',
  OpDisable: '6 E!',
  NotifyEn: '7 RWb',
});

/** Portfolio (16) 1.0 */
export const Portfolio = /* @__PURE__ */ objectReference(16, '1.0', {
  Identity: '0 RWsm!',
  GetAuthData: '1 E',
  AuthData: '2 Rom',
  AuthStatus: '3 Ri',
});

/** BinaryAppDataContainer (19) 1.0 */
export const BinaryAppDataContainer = /* @__PURE__ */ objectReference(19, '1.0', {
  Data: '0 RWom!',
  DataPriority: '1 RWi',
  DataCreationTime: '2 RWt',
  DataDescription: '3 RWs',
  DataFormat: '4 RWs',
  AppId: '5 RWi',
});

/** Event Log (20) 2.1 */
export const EventLog = /* @__PURE__ */ objectReference(20, '2.1', {
  LogClass: '4010 RWi',
  LogStart: '4011 E',
  LogStop: '4012 E',
  LogStatus: '4013 Ri',
  LogData: '4014 Ro!',
  LogDataFormat: '4015 RWi',
  LogDataIncremental: '4016 o',
  LogDataIncrementalMinimumSendInterval: '4017 RWu',
});

/** LWM2M OSCORE (21) 2.0 */
export const Oscore = /* @__PURE__ */ objectReference(21, '2.0', {
  OscoreMasterSecret: '0 o!',
  OscoreSenderId: '1 o!',
  OscoreRecipientId: '2 o!',
  OscoreAeadAlgorithm: '3 i',
  OscoreHmacAlgorithm: '4 i',
  OscoreMasterSalt: '5 o',
  OscoreIdContext: '6 o',
});

/** Virtual Observe Notify (22) 1.1 */
export const VirtualObserveNotify = /* @__PURE__ */ objectReference(22, '1.1', {
  ObserveLinks: '0 RWcm!',
  Report: '1 Rs!',
  ResourceFilter: '2 RWb',
  ReportLinks: '3 RWcm',
  ObserveRelation: '4 RWi',
  VirtualObserveReportFormat: '5 RWi',
  VirtualObserveReport: '6 Ro',
});

/** LwM2M COSE (23) 1.0 */
export const Cose = /* @__PURE__ */ objectReference(23, '1.0', {
  Kid: '0 s!',
  AeadAlgorithm: '1 i!',
  Key: '2 s!',
});

/** MQTT Server (24) 1.0 */
export const MqttServer = /* @__PURE__ */ objectReference(24, '1.0', {
  WillRetain: '0 RWb',
  WillTopic: '1 RWs',
  WillMessage: '2 RWs',
  CleanSession: '3 RWb',
  WillQoS: '4 RWu',
  KeepAlive: '5 RWu',
  ClientIdentifier: '6 RWs!',
  UserName: '7 RWs',
  Password: '8 RWo',
});

/** LwM2M Gateway (25) 2.0 */
export const Gateway = /* @__PURE__ */ objectReference(25, '2.0', {
  DeviceId: '0 Rs!',
  Prefix: '1 Rs!',
  IotDeviceObjects: '3 Rc!',
});

/** LwM2M Gateway Routing (26) 1.0 */
export const GatewayRouting = /* @__PURE__ */ objectReference(26, '1.0', {
  ObjectId: '0 Ru!',
  MappingInfo: '1 Rc!',
});

/** 5GNR Connectivity (27) 1.0 */
export const N5GnrConnectivity = /* @__PURE__ */ objectReference(27, '1.0', {
  ConnectivityOption: '0 Ri!',
  NrBandSupportAvailable: '1 Rim',
  NrBandAttached: '2 Rim',
  SNssai: '3 Rim',
  DnnName: '4 Rs',
  PduSessionId: '5 Ri',
  SscMode: '6 Ri',
  PduSessionType: '7 Ri',
  N5Qi: '8 Ri',
  SdapEnablement: '9 Ri',
  Qfi: '10 Ri',
  SessionAmbr: '11 Ri',
  ApnAmbr: '12 Ri dB',
  NasReflectiveQos: '13 Rb',
  AccessStratumReflectiveQoS: '14 Rb',
  PCscfAddressIndex: '15 Ri',
  PduSessionAuthentication: '16 Ri',
  PlmnId: '17 Rs',
  LadnSupport: '18 Rb',
  IntegrityProtectionOnDrb: '19 Ri',
  AccessTypePreference: '20 Rb',
});

/** Device RF Capabilities (28) 1.0 */
export const DeviceRfCapabilities = /* @__PURE__ */ objectReference(28, '1.0', {
  SupportedLteBandInformation: '0 Ri',
  SupportedEgprsBandInformation: '1 Ri',
  SupportedTdScdmaBandInformation: '2 Ri',
  SupportedWcdmaBandInformation: '3 Ri',
  SupportedCdma2000BandInformation: '4 Ri',
  SupportedWiMaxBandInformation: '5 Ri',
  SupportedNbIotBandInformation: '6 Ri',
  Supported5GBandInformation: '7 Ri',
});

/** CoAP Config (500) 1.0 */
export const CoApConfig = /* @__PURE__ */ objectReference(500, '1.0', {
  NetworkBearer: '0 RWi!',
  AckTimeout: '1 RWi! s',
  AckRandomFactor: '2 RWf!',
  MaxRetransmit: '3 RWi!',
  Nstart: '4 RWi!',
  DefaultLeisure: '5 RWi s',
  ProbingRate: '6 RWi B/s',
  DtlsRetransmissionTimer: '7 RWi s',
  MaxResponseWaitingTime: '8 RWi',
  Apply: '9 E',
});

/** LTE-MTC Band Config (501) 1.0 */
export const LteMtcBandConfig = /* @__PURE__ */ objectReference(501, '1.0', {
  Earfcn: '1 RWi!',
  CurrentFrequencyDownlink: '2 Rf! MHz',
  CurrentFrequencyUplink: '3 Rf MHz',
  PrioritizedChannels: '4 RWim!',
  ResetTimeout: '5 RWf! s',
  Reset: '6 E!',
  VendorSpecificExtensions: '48 Rl',
  ApplicationType: '5750 RWs',
});

/** CO Detector (502) 1.0 */
export const CoDetector = /* @__PURE__ */ objectReference(502, '1.0', {
  CoSensorLocationTag: '0 RWs',
  CoDetected: '1 Rb!',
  AmbientCoValue: '2 RWf ppm',
  CoValue: '3 Rf! ppm',
  MinCoRangeValue: '4 Rf ppm',
  MaxCoRangeValue: '5 Rf ppm',
  CoDetectionAccuracy: '6 Rf ppm',
  MinimumMeasuredCoValue: '7 Rf ppm',
  MaximumMeasuredCoValue: '8 Rf ppm',
  UpperCoThreshold: '9 RWf ppm',
  Reset: '10 E',
  Latitude: '5514 Rs',
  Longitude: '5515 Rs',
  Altitude: '6039 Rf m',
  BatteryPercentage: '6044 Rf',
  AlarmLoudness: '6048 Rf dB',
});

/** Fire Alarm (503) 1.0 */
export const FireAlarm = /* @__PURE__ */ objectReference(503, '1.0', {
  TemperatureSensorLocationTag: '0 RWs',
  TemperatureUnit: '1 RWi!',
  AmbientTemperature: '2 RWf',
  TemperatureValue: '3 Rf!',
  MinimumMeasuredTemperatureValue: '4 Rf',
  MaximumMeasuredTemperatureValue: '5 Rf',
  MinTemperatureRangeValue: '6 RWf',
  MaxTemperatureRangeValue: '7 RWf',
  LowerTemperatureAccuracy: '8 RWf',
  UpperTemperatureAccuracy: '9 RWf',
  TemperatureThreshold: '10 RWf',
  TemperatureSensorError: '11 Rb',
  ResetTemperature: '12 E',
  TemperatureAlarmLoudness: '13 RWf dB',
  HumiditySensorLocationTag: '14 RWs',
  AmbientRelativeHumidity: '15 RWf %RH',
  HumidityValue: '16 Rf! /100',
  MinimumMeasuredHumidityValue: '17 Rf /100',
  MaximumMeasuredHumidityValue: '18 Rf /100',
  HumidityAccuracy: '19 RWf /100',
  HumidityThreshold: '20 RWf /100',
  HumiditySensorError: '21 Rb',
  ResetHumidity: '22 E',
  HumidityAlarmLoudness: '23 RWf dB',
  SmokeSensorLocationTag: '24 RWs',
  Co2AlarmState: '25 Rb!',
  AmbientCo2Value: '26 Rf ppm',
  Co2Value: '27 Rf! ppm',
  MinimumMeasuredCo2Value: '28 Rf ppm',
  MaximumMeasuredCo2Value: '29 Rf ppm',
  Co2Threshold: '30 RWf ppm',
  SmokeSensorError: '31 Rb',
  ResetSmokeDetection: '32 E',
  SmokeAlarmLoudness: '33 Rf dB',
  Latitude: '5514 Rs',
  Longitude: '5515 Rs',
  Altitude: '6039 Rf m',
  BatteryPercentage: '6044 Rf',
});

/** Remote SIM Provisioning (504) 1.0 */
export const RemoteSimProvisioning = /* @__PURE__ */ objectReference(504, '1.0', {
  CurrentSimType: '0 Ri!',
  SupportedSimType: '1 Rim!',
  ServiceProviderName: '2 Rs',
  DownloadUriInformation: '3 RWs',
  RspUpdate: '4 E',
  RspUpdateState: '5 Ri',
  RspUpdateResult: '6 Ri',
  ProfileName: '7 Rs',
  ProfilePackageVersion: '8 Rs',
  FreeMemoryOnSim: '9 Ri KiB',
  TotalMemoryOnSim: '10 Ri KiB',
  IntegratedCircuitCardIdentifierIccid: '11 Rsm!',
  EUiccId: '12 Rs',
  RspType: '13 Ri!',
  SelectedIccidForRspOperation: '14 RWs',
  RspConsentReason: '15 Rs',
  RspUserConsent: '16 Wi',
  RspConfirmationCode: '17 Ws',
  RspDataType: '18 RWi',
  SetRspData: '19 Wo',
  GetRspData: '20 Ro',
});

/** LwM2M SIM Provisioning (505) 1.0 */
export const SimProvisioning = /* @__PURE__ */ objectReference(505, '1.0', {
  CurrentSimType: '0 Ri!',
  SupportedSimType: '1 Rim!',
  ServiceProviderName: '2 Rs!',
  ProfilePackage: '3 Wo',
  ProfileUri: '4 RWs',
  UpdateProfile: '5 E',
  UpdateState: '6 Ri!',
  UpdateResult: '7 Ri!',
  ProfileName: '8 Rs',
  ProfilePackageVersion: '9 Rs',
  ProfileUpdateProtocolSupport: '10 Rim',
  ProfileUpdateDeliveryMethod: '11 Ri!',
  FreeMemoryOnSim: '12 Ri KiB',
  TotalMemoryOnSim: '13 Ri KiB',
  IntegratedCircuitCardIdentifierIccid: '14 Rim',
  EUiccId: '15 Rs',
  ProfileType: '16 Rs',
});

/** nuSIM Profile (507) 1.0 */
export const NuSimProfile = /* @__PURE__ */ objectReference(507, '1.0', {
  EncP: '0 RWs!',
  Mac: '1 RWs!',
  EKpubDp: '2 RWs!',
  SigEKpubDp: '3 RWs!',
  KpubDp: '4 RWs!',
  SigKpubDp: '5 RWs!',
  KpubCl: '6 RWs!',
});

/** nuSIM (508) 1.0 */
export const NuSim = /* @__PURE__ */ objectReference(508, '1.0', {
  Eid: '0 Rs!',
  Iccid: '1 Rs!',
  NuSimCapabilities: '2 Ro!',
  NuSimCert: '3 Rs',
  NuSimProfile: '4 RWl!',
  LoadProfile: '5 E!',
  LoadProfileResult: '6 Ri!',
});

/** Measurement Metadata (509) 1.0 */
export const MeasurementMetadata = /* @__PURE__ */ objectReference(509, '1.0', {
  LinkedSensor: '0 Rl!',
  MeasurementQualityReasonCode: '1 Rim',
  MeasurementQualityIndicator: '6042 Ri',
  MeasurementQualityLevel: '6049 Ri',
});

/** Vendor Specific Measurement Quality Reason (510) 1.0 */
export const VendorSpecificMeasurementQualityReason = /* @__PURE__ */ objectReference(510, '1.0', {
  VendorSpecificQualityReasonCode: '0 Ri!',
  QualityReasonName: '1 Rs!',
  QualityReasonDescription: '2 Rs!',
});

/** Compact Composite (511) 1.0 */
export const CompactComposite = /* @__PURE__ */ objectReference(511, '1.0', {
  TargetLinks: '0 RWc!',
  CompactData: '1 Ro!',
  Description: '2 RWs',
});
