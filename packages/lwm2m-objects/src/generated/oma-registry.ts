// Facts taken from the OMA LwM2M registry by src/generate/main.ts. Do not edit. Copyright notices: see NOTICE.
// The line format is described in src/table.ts.

export const omaObjectLines: string = `
@0	1.0	1.0	oma	m!	LWM2M Security
0	s!	LWM2M Server URI	0-255 bytes
1	b!	Bootstrap-Server
2	i!	Security Mode	0-4
3	o!	Public Key or Identity
4	o!	Server Public Key
5	o!	Secret Key
6	i	SMS Security Mode	0-255
7	o	SMS Binding Key Parameters	6 bytes
8	o	SMS Binding Secret Key(s)	16-32-48 bytes
9	s	LwM2M Server SMS Number
10	i	Short Server ID	1-65534
11	i	Client Hold Off Time		s
12	i	Bootstrap-Server Account Timeout		s
@0	1.1	1.1	oma:	m!	LWM2M Security
0	s!	LWM2M Server URI	0..255 bytes
1	b!	Bootstrap-Server
2	i!	Security Mode	0..4
3	o!	Public Key or Identity
4	o!	Server Public Key
5	o!	Secret Key
6	i	SMS Security Mode	0..255
7	o	SMS Binding Key Parameters	6
8	o	SMS Binding Secret Key(s)	16,32,48
9	s	LwM2M Server SMS Number
10	i	Short Server ID	1..65534
11	i	Client Hold Off Time		s
12	i	Bootstrap-Server Account Timeout		s
13	u	Matching Type	0..3	s
14	s	SNI
15	u	Certificate Usage	0..3	s
16	um	DTLS/TLS Ciphersuite
17	l	OSCORE Security Mode
@0	1.2	1.1	oma:	m!	LWM2M Security
0	s!	LWM2M Server URI	0..255
1	b!	Bootstrap-Server
2	i!	Security Mode	0..4
3	o!	Public Key or Identity
4	o!	Server Public Key
5	o!	Secret Key
6	i	SMS Security Mode	0..255
7	o	SMS Binding Key Parameters	6
8	o	SMS Binding Secret Key(s)	16,32,48
9	s	LwM2M Server SMS Number
10	i	Short Server ID	1..65534
11	i	Client Hold Off Time		s
12	i	Bootstrap-Server Account Timeout		s
13	u	Matching Type	0..3
14	s	SNI
15	u	Certificate Usage	0..3
16	um	DTLS/TLS Ciphersuite
17	l	OSCORE Security Mode
18	um	Groups To Use by Client	0..65535
19	um	Signature Algorithms Supported by Server	0..65535
20	um	Signature Algorithms To Use by Client	0..65535
21	um	Signature Algorithm Certs Supported by Server	0..65535
22	u	TLS 1.3 Features To Use by Client	0..65535
23	u	TLS Extensions Supported by Server	0..65535
24	u	TLS Extensions To Use by Client	0..65535
25	sm	Secondary LwM2M Server URI	0..255
26	l	MQTT Server
27	lm	LwM2M COSE Security
28	i	RDS Destination Port	0..15
29	i	RDS Source Port	0..15
30	s	RDS Application ID
@1	1.0	1.0	oma	m!	LwM2M Server
0	Ri!	Short Server ID	1-65535
1	RWi!	Lifetime		s
2	RWi	Default Minimum Period		s
3	RWi	Default Maximum Period		s
4	E	Disable
5	RWi	Disable Timeout		s
6	RWb!	Notification Storing When Disabled or Offline
7	RWs!	Binding
8	E!	Registration Update Trigger
@1	1.1	1.1	oma:	m!	LwM2M Server
0	Ri!	Short Server ID	1..65534
1	RWi!	Lifetime		s
2	RWi	Default Minimum Period		s
3	RWi	Default Maximum Period		s
4	E	Disable
5	RWi	Disable Timeout		s
6	RWb!	Notification Storing When Disabled or Offline
7	RWs!	Binding
8	E!	Registration Update Trigger
9	E	Bootstrap-Request Trigger
10	RWl	APN Link
11	Ru	TLS-DTLS Alert Code	0..255
12	Rt	Last Bootstrapped
13	u	Registration Priority Order
14	u	Initial Registration Delay Timer		s
15	b	Registration Failure Block
16	b	Bootstrap on Registration Failure
17	u	Communication Retry Count
18	u	Communication Retry Timer		s
19	u	Communication Sequence Delay Timer
20	u	Communication Sequence Retry Count
21	RWb	Trigger
22	RWs	Preferred Transport
23	RWb	Mute Send
@1	1.2	1.2	oma:	m!	LwM2M Server
0	Ri!	Short Server ID	1..65534
1	RWi!	Lifetime		s
2	RWi	Default Minimum Period		s
3	RWi	Default Maximum Period		s
4	E	Disable
5	RWi	Disable Timeout		s
6	RWb!	Notification Storing When Disabled or Offline
7	RWs!	Binding
8	E!	Registration Update Trigger
9	E	Bootstrap-Request Trigger
10	RWl	APN Link
11	Ru	TLS-DTLS Alert Code	0..255
12	Rt	Last Bootstrapped
13	Ru	Registration Priority Order
14	RWu	Initial Registration Delay Timer		s
15	Rb	Registration Failure Block
16	Rb	Bootstrap on Registration Failure
17	RWu	Communication Retry Count
18	RWu	Communication Retry Timer		s
19	RWu	Communication Sequence Delay Timer		s
20	RWu	Communication Sequence Retry Count
21	RWb	Trigger
22	RWs	Preferred Transport
23	RWb	Mute Send
24	RWlm	Alternate APN Links
25	RWsm	Supported Server Versions
26	RWi	Default Notification Mode	0..1
27	RWu	Profile ID Hash Algorithm	0..255
@2	1.0	1.0	oma	m	LwM2M Access Control
0	Ri!	Object ID	1..65534
1	Ri!	Object Instance ID	0..65535
2	RWim	ACL	16-bit
3	RWi!	Access Control Owner	0..65535
@2	1.1	1.0	oma:	m	LwM2M Access Control
0	Ri!	Object ID	1..65534
1	Ri!	Object Instance ID	0..65535
2	RWim	ACL	0..31
3	RWi!	Access Control Owner	0..65535
@3	1.0	1.0	oma	!	Device
0	Rs	Manufacturer
1	Rs	Model Number
2	Rs	Serial Number
3	Rs	Firmware Version
4	E!	Reboot
5	E	Factory Reset
6	Rim	Available Power Sources	0-7
7	Rim	Power Source Voltage		mV
8	Rim	Power Source Current		mA
9	Ri	Battery Level	0-100	%
10	Ri	Memory Free		KB
11	Rim!	Error Code	0-8
12	E	Reset Error Code
13	RWt	Current Time
14	RWs	UTC Offset
15	RWs	Timezone
16	Rs!	Supported Binding and Modes
17	Rs	Device Type
18	Rs	Hardware Version
19	Rs	Software Version
20	Ri	Battery Status	0-6
21	Ri	Memory Total
22	Rlm	ExtDevInfo
@3	1.1	1.1	oma:	!	Device
0	Rs	Manufacturer
1	Rs	Model Number
2	Rs	Serial Number
3	Rs	Firmware Version
4	E!	Reboot
5	E	Factory Reset
6	Rim	Available Power Sources	0..7
7	Rim	Power Source Voltage
8	Rim	Power Source Current
9	Ri	Battery Level	0..100	%
10	Ri	Memory Free
11	Rim!	Error Code	0..8
12	E	Reset Error Code
13	RWt	Current Time
14	RWs	UTC Offset
15	RWs	Timezone
16	Rs!	Supported Binding and Modes
17	Rs	Device Type
18	Rs	Hardware Version
19	Rs	Software Version
20	Ri	Battery Status	0..6
21	Ri	Memory Total
22	Rlm	ExtDevInfo
@3	1.2	1.1	oma:	!	Device
0	Rs	Manufacturer
1	Rs	Model Number
2	Rs	Serial Number
3	Rs	Firmware Version
4	E!	Reboot
5	E	Factory Reset
6	Rim	Available Power Sources	0..7
7	Rim	Power Source Voltage
8	Rim	Power Source Current
9	Ri	Battery Level	0..100	/100
10	Ri	Memory Free
11	Rim!	Error Code	0..32
12	E	Reset Error Code
13	RWt	Current Time
14	RWs	UTC Offset
15	RWs	Timezone
16	Rs!	Supported Binding and Modes
17	Rs	Device Type
18	Rs	Hardware Version
19	Rs	Software Version
20	Ri	Battery Status	0..6
21	Ri	Memory Total
22	Rlm	ExtDevInfo
@4	1.0	1.0	oma		Connectivity Monitoring
0	Ri!	Network Bearer	0-50
1	Rim!	Available Network Bearer	0-50
2	Ri!	Radio Signal Strength		dBm
3	Ri	Link Quality
4	Rsm!	IP Addresses
5	Rsm	Router IP Addresses
6	Ri	Link Utilization	0-100	%
7	Rsm	APN
8	Ri	Cell ID
9	Ri	SMNC	0-999	%
10	Ri	SMCC	0-999
@4	1.1	1.0	oma:		Connectivity Monitoring
0	Ri!	Network Bearer	0-50
1	Rim!	Available Network Bearer	0-50
2	Ri!	Radio Signal Strength		dBm
3	Ri	Link Quality
4	Rsm!	IP Addresses
5	Rsm	Router IP Addresses
6	Ri	Link Utilization	0-100	%
7	Rsm	APN
8	Ri	Cell ID
9	Ri	SMNC	0-999	%
10	Ri	SMCC	0-999
11	Ri	SignalSNR		dB
@4	1.2	1.1	oma:		Connectivity Monitoring
0	Ri!	Network Bearer	0..50
1	Rim!	Available Network Bearer	0..50
2	Ri!	Radio Signal Strength
3	Ri	Link Quality
4	Rsm!	IP Addresses
5	Rsm	Router IP Addresses
6	Ri	Link Utilization	0..100	%
7	Rsm	APN
8	Ri	Cell ID
9	Ri	SMNC	0..999
10	Ri	SMCC	0..999
11	Ri	SignalSNR		dB
12	Ri	LAC
@4	1.3	1.1	oma:		Connectivity Monitoring
0	Ri!	Network Bearer	0..50
1	Rim!	Available Network Bearer	0..50
2	Ri!	Radio Signal Strength		dBm
3	Ri	Link Quality
4	Rsm!	IP Addresses
5	Rsm	Router IP Addresses
6	Ri	Link Utilization	0..100	/100
7	Rsm	APN
8	Ri	Cell ID
9	Ri	SMNC	0..999
10	Ri	SMCC	0..999
11	Ri	SignalSNR		dB
12	Ri	LAC
13	Ri	Coverage Enhancement Level	0..4
@5	1.0	1.0	oma		Firmware Update
0	Wo!	Package
1	RWs!	Package URI	0..255
2	E!	Update
3	Ri!	State	0..3
5	Ri!	Update Result	0..9
6	Rs	PkgName	0..255
7	Rs	PkgVersion	0..255
8	Rim	Firmware Update Protocol Support	0..5
9	Ri!	Firmware Update Delivery Method	0..2
@5	1.1	1.1	oma:		Firmware Update
0	Wo!	Package
1	RWs!	Package URI	0..255
2	E!	Update
3	Ri!	State	0..3
5	Ri!	Update Result	0..11
6	Rs	PkgName	0..255
7	Rs	PkgVersion	0..255
8	Rim	Firmware Update Protocol Support	0..5
9	Ri!	Firmware Update Delivery Method	0..2
10	E	Cancel
11	RWi	Severity	0..2
12	Rt	Last State Change Time
13	RWu	Maximum Defer Period		s
@5	1.2	1.1	oma:		Firmware Update
0	Wo!	Package
1	RWs!	Package URI	0..255
2	E!	Update
3	Ri!	State	0..3
5	Ri!	Update Result	0..11
6	Rs	PkgName	0..255
7	Rs	PkgVersion	0..255
8	Rim	Firmware Update Protocol Support	0..5
9	Ri!	Firmware Update Delivery Method	0..2
10	E	Cancel
11	RWi	Severity	0..2
12	Rt	Last State Change Time
13	RWu	Maximum Defer Period		s
14	RWb	Automatic Upgrade at Download
@6	1.0	1.0	oma		Location
0	Rf!	Latitude		lat
1	Rf!	Longitude		lon
2	Rf	Altitude		m
3	Rf	Radius		m
4	Ro	Velocity
5	Rt!	Timestamp
6	Rf	Speed		m/s
@7	1.0	1.0	oma		Connectivity Statistics
0	Ri	SMS Tx Counter
1	Ri	SMS Rx Counter
2	Ri	Tx Data
3	Ri	Rx Data
4	Ri	Max Message Size		B
5	Ri	Average Message Size		B
6	E!	Start
7	E!	Stop
8	RWi	Collection Period		s
@8	1.0	1.0	oma		Lock and Wipe
0	RWi!	State	0..2
1	Wsm!	Lock target
2	Rsm	Wipe item
3	E!	Wipe
4	Wsm!	Wipe target
5	Ri!	Lock or Wipe Operation Result	0..8
@9	1.0	1.0	oma	m	LWM2M Software Management
0	Rs!	PkgName	0..255 bytes
1	Rs!	PkgVersion	0..255 bytes
2	Wo	Package
3	Ws	Package URI	0..255 bytes
4	E!	Install
5	Rl	Checkpoint
6	E!	Uninstall
7	Ri!	Update State	0..4
8	RWb	Update Supported Objects
9	Ri!	Update Result	0..200
10	E!	Activate
11	E!	Deactivate
12	Rb!	Activation State
13	RWl	Package Settings
14	Ws	User Name	0..255 bytes
15	Ws	Password	0..255 bytes
16	Rs	Status Reason
17	Rlm	Software Component Link
18	Ri	Software Component tree length	0..255
@10	1.0	1.0	oma		LWM2M Cellular Connectivity
0	RWs	SMSC address
1	RWi	Disable radio period	0..65535
2	RWs	Module activation code
3	Rl	Vendor specific extensions
4	RWi	PSM Timer (1)		s
5	RWi	Active Timer (1)		s
6	Ri	Serving PLMN Rate control
7	RWo	eDRX parameters for Iu mode (1)	8 bit
8	RWo	eDRX parameters for WB-S1 mode (1)	8 bit
9	RWo	eDRX parameters for NB-S1 mode (1)	8 bit
10	RWo	eDRX parameters for A/Gb mode (1)	8 bit
11	Rlm!	Activated Profile Names
@10	1.1	1.1	oma:		LWM2M Cellular Connectivity
0	RWs	SMSC address
1	RWi	Disable radio period	0..65535
2	RWs	Module activation code
3	Rl	Vendor specific extensions
4	RWi	PSM Timer		s
5	RWi	Active Timer		s
7	RWo	eDRX parameters for Iu mode	0..255
8	RWo	eDRX parameters for WB-S1 mode	0..255
9	RWo	eDRX parameters for NB-S1 mode	0..255
10	RWo	eDRX parameters for A/Gb mode	0..255
11	Rlm!	Activated Profile Names
12	Ru	Supported Power Saving Modes	0..255
13	RWu	Active Power Saving Modes	0..255
14	RWu	Release Assistance Indication Usage	0..255
@11	1.0	1.0	oma	m	LWM2M APN Connection Profile
0	RWs!	Profile name
1	RWs	APN
2	RWb	Auto select APN by device
3	RWb	Enable status
4	RWi!	Authentication Type
5	RWs	User Name
6	RWs	Secret
7	RWs	Reconnect Schedule
8	RWsm	Validity (MCC, MNC)
9	Rtm	Connection establishment time (1)
10	Rim	Connection establishment result (1)
11	Rim	Connection establishment reject cause (1)	0..111
12	Rtm	Connection end time (1)
13	Ri	TotalBytesSent
14	Ri	TotalBytesReceived
15	RWsm	IP address (2)
16	RWsm	Prefix length(2)
17	RWsm	Subnet mask (2)
18	RWsm	Gateway (2)
19	RWsm	Primary DNS address (2)
20	RWsm	Secondary DNS address (2)
21	Ri	QCI (3)	1..9
22	Rl	Vendor specific extensions
23	Ri	TotalPacketsSent
24	RWi	PDN Type
25	Ri	APN Rate Control
@11	1.1	1.1	oma:	m	LWM2M APN Connection Profile
0	RWs!	Profile name
1	RWs	APN
2	RWb	Auto select APN by device
3	RWb	Enable status
4	RWi!	Authentication Type
5	RWs	User Name
6	RWs	Secret
7	RWs	Reconnect Schedule
8	RWsm	Validity (MCC, MNC)
9	Rtm	Connection establishment time (1)
10	Rim	Connection establishment result (1)
11	Rim	Connection establishment reject cause (1)	0..111
12	Rtm	Connection end time (1)
13	Ri	TotalBytesSent
14	Ri	TotalBytesReceived
15	RWsm	IP address (2)
16	RWsm	Prefix length(2)
17	RWsm	Subnet mask (2)
18	RWsm	Gateway (2)
19	RWsm	Primary DNS address (2)
20	RWsm	Secondary DNS address (2)
21	Ri	QCI (3)	1..9
22	Rl	Vendor specific extensions
23	Ri	TotalPacketsSent
24	RWi	PDN Type
25	Ri	APN Rate Control
26	RWu	Serving PLMN Rate control
27	RWu	Uplink Time Unit	0..4
28	Ri	APN Rate Control for Exception Data
29	RWu	APN Exception Data Uplink Time Unit	0..4
30	RWum	Supported RAT Types
31	RWsm	RDS Application ID
32	RWim	RDS Destination Port	0..15
33	RWim	RDS Source Port	0..15
@12	1.0	1.0	oma	m	WLAN connectivity
0	RWs!	Interface name
1	RWb!	Enable
2	RWi	Radio Enabled
3	Ri!	Status
4	Rs!	BSSID	12 bytes
5	RWs!	SSID	1..32 Bytes
6	RWb	Broadcast SSID
7	RWb	Beacon Enabled
8	RWi!	Mode
9	RWi!	Channel	0..255
10	RWb	Auto Channel
11	RWim	Supported Channels
12	RWim	Channels In Use
13	RWs	Regulatory Domain	3 Bytes
14	RWi!	Standard
15	RWi!	Authentication Mode
16	RWi	Encryption Mode
17	Ws	WPA Pre Shared Key	64 Bytes
18	Ws	WPA Key Phrase	1..64 Bytes
19	RWi	WEP Encryption Type
20	RWi	WEP Key Index	[1:4]
21	Ws	WEP Key Phrase	1..64 Bytes
22	Ws	WEP Key 1	0 or 26 Bytes
23	Ws	WEP Key 2	0 or 26 Bytes
24	Ws	WEP Key 3	10 or 26 Bytes
25	Ws	WEP Key 4	10 or 26 Bytes
26	RWs	RADIUS Server	1..256 Bytes
27	RWi	RADIUS Server Port
28	Ws	RADIUS Secret	1..256 Bytes
29	Rb	WMM Supported
30	RWb	WMM Enabled
31	RWb	MAC Control Enabled
32	RWsm	MAC Address List	12 Bytes
33	Ri	Total Bytes Sent
34	Ri	Total Bytes Received
35	Ri	Total Packets Sent
36	Ri	Total Packets Received
37	Ri	Transmit Errors
38	Ri	Receive Errors
39	Ri	Unicast Packets Sent
40	Ri	Unicast Packets Received
41	Ri	Multicast Packets Received
42	Ri	Multicast Packets Received
43	Ri	Broadcast Packets Sent
44	Ri	44 Broadcast Packets Received
45	Ri	Discard Packets Sent
46	Ri	Discard Packets Received
47	Ri	Unknown Packets Received
48	Rl	Vendor specific extensions
@12	1.1	1.0	oma:	m	WLAN connectivity
0	RWs!	Interface name
1	RWb!	Enable
2	RWi	Radio Enabled
3	Ri!	Status
4	Rs!	BSSID	12
5	RWs!	SSID	1..32
6	RWb	Broadcast SSID
7	RWb	Beacon Enabled
8	RWi!	Mode
9	RWi!	Channel	0..255
10	RWb	Auto Channel
11	RWim	Supported Channels
12	RWim	Channels In Use
13	RWs	Regulatory Domain	3
14	RWi!	Standard
15	RWi!	Authentication Mode
16	RWi	Encryption Mode
17	Ws	WPA Pre Shared Key	64
18	Ws	WPA Key Phrase	1..64
19	RWi	WEP Encryption Type
20	RWi	WEP Key Index	1..4
21	Ws	WEP Key Phrase	1..64
22	Ws	WEP Key 1	10,26
23	Ws	WEP Key 2	10,26
24	Ws	WEP Key 3	10,26
25	Ws	WEP Key 4	10,26
26	RWs	RADIUS Server	1..256
27	RWi	RADIUS Server Port
28	Ws	RADIUS Secret	1..256
29	Rb	WMM Supported
30	RWb	WMM Enabled
31	RWb	MAC Control Enabled
32	RWsm	MAC Address List	12
33	Ri	Total Bytes Sent
34	Ri	Total Bytes Received
35	Ri	Total Packets Sent
36	Ri	Total Packets Received
37	Ri	Transmit Errors
38	Ri	Receive Errors
39	Ri	Unicast Packets Sent
40	Ri	Unicast Packets Received
41	Ri	Multicast Packets Sent
42	Ri	Multicast Packets Received
43	Ri	Broadcast Packets Sent
44	Ri	Broadcast Packets Received
45	Ri	Discard Packets Sent
46	Ri	Discard Packets Received
47	Ri	Unknown Packets Received
48	Rl	Vendor specific extensions
@13	1.0	1.0	oma		LWM2M Bearer Selection
0	RWim	Preferred Communications Bearer	8 bit
1	RWi	Acceptable RSSI (GSM)
2	RWi	Acceptable RSCP (UMTS)
3	RWi	Acceptable RSRP (LTE)
4	RWi	Acceptable RSSI (1xEV-DO)
5	RWs	Cell lock list
6	RWs	Operator list
7	RWb	Operator list mode
8	Rs	List of available PLMNs
9	Rl	Vendor specific extensions
10	RWi	Acceptable RSRP (NB-IoT)
11	RWi	Higher Priority PLMN Search Timer
12	RWb	Attach without PDN connection
@13	1.1	1.1	oma:		LWM2M Bearer Selection
0	RWim	Preferred Communications Bearer	0..100
1	RWi	Acceptable RSSI (GSM)	-110..-48
2	RWi	Acceptable RSCP (UMTS)	-120..-25
3	RWi	Acceptable RSRP (LTE)	-140..-44
4	RWi	Acceptable RSSI (1xEV-DO)
5	RWs	Cell lock list
6	RWs	Operator list
7	RWb	Operator list mode
8	Rs	List of available PLMNs
9	Rl	Vendor specific extensions
10	RWi	Acceptable RSRP (NB-IoT)	-158..-44
11	RWi	Higher Priority PLMN Search Timer
12	RWb	Attach without PDN connection
@14	1.0	1.0	oma	m	LWM2M Software Component
0	Rs	Component Identity	0..255 bytes
1	Ro	Component Pack
2	Rs	Component Version	0..255 bytes
3	E	Activate
4	E	Deactivate
5	Rb	Activation State
@15	1.0	1.0	oma	m	DevCapMgmt
0	Rs!	Property
1	Ri!	Group	0..15
2	Rs	Description
3	Rb	Attached
4	Rb!	Enabled
5	E!	opEnable
6	Em!	opDisable
7	RWb	NotifyEn
@15	2.0	1.0	oma:	m	DevCapMgmt
0	Rs!	Property
1	Ri!	Group	0..15
2	Rs	Description
3	Rb	Attached
4	Rb!	Enabled
5	E!	opEnable
6	E!	opDisable
7	RWb	NotifyEn
@16	1.0	1.0	oma	m	Portfolio
0	RWsm!	Identity
1	E	GetAuthData
2	Rom	AuthData
3	Ri	AuthStatus	0..2
@19	1.0	1.0	oma	m	BinaryAppDataContainer
0	RWom!	Data
1	RWi	Data Priority	1 bytes
2	RWt	Data Creation Time
3	RWs	Data Description	32 bytes
4	RWs	Data Format	32 bytes
5	RWi	App ID	2 bytes
@20	1.0	1.0	oma		Event Log
4010	RWi	LogClass	255
4011	E	LogStart
4012	E	LogStop
4013	Ri	LogStatus	8-Bits
4014	Ro!	LogData
4015	RWi	LogDataFormat	255
@20	2.0	1.0	oma:	m	Event Log
4010	RWi	LogClass	255
4011	E	LogStart
4012	E	LogStop
4013	Ri	LogStatus	8-Bits
4014	Ro!	LogData
4015	RWi	LogDataFormat	255
@20	2.1	1.1	oma:	m	Event Log
4010	RWi	LogClass	255
4011	E	LogStart
4012	E	LogStop
4013	Ri	LogStatus	8-Bits
4014	Ro!	LogData
4015	RWi	LogDataFormat	255
4016	o	LogDataIncremental
4017	RWu	LogDataIncrementalMinimumSendInterval
@21	1.0	1.1	oma	m	LWM2M OSCORE
0	s!	OSCORE Master Secret
1	s!	OSCORE Sender ID
2	s!	OSCORE Recipient ID
3	i	OSCORE AEAD Algorithm
4	i	OSCORE HMAC Algorithm
5	s	OSCORE Master Salt
@21	1.1	1.1	oma:	m	LWM2M OSCORE
0	s!	OSCORE Master Secret
1	s!	OSCORE Sender ID
2	s!	OSCORE Recipient ID
3	i	OSCORE AEAD Algorithm
4	i	OSCORE HMAC Algorithm
5	s	OSCORE Master Salt
6	s	OSCORE ID Context
@21	2.0	1.1	oma:	m	LWM2M OSCORE
0	o!	OSCORE Master Secret
1	o!	OSCORE Sender ID
2	o!	OSCORE Recipient ID
3	i	OSCORE AEAD Algorithm
4	i	OSCORE HMAC Algorithm
5	o	OSCORE Master Salt
6	o	OSCORE ID Context
@22	1.0	1.1	oma	m	Virtual Observe Notify
0	RWcm!	ObserveLinks
1	Rs!	Report
2	RWb	ResourceFilter
3	RWcm	ReportLinks
4	RWi	ObserveRelation
@22	1.1	1.1	oma:	m	Virtual Observe Notify
0	RWcm!	ObserveLinks
1	Rs!	Report
2	RWb	ResourceFilter
3	RWcm	ReportLinks
4	RWi	ObserveRelation
5	RWi	Virtual Observe Report Format
6	Ro	Virtual Observe Report
@23	1.0	1.2	oma	m	LwM2M COSE
0	s!	KID
1	i!	AEAD Algorithm
2	s!	Key
@24	1.0	1.2	oma	m	MQTT Server
0	RWb	Will Retain
1	RWs	Will Topic
2	RWs	Will Message
3	RWb	Clean Session
4	RWu	Will QoS	0..3
5	RWu	Keep Alive	0..65535
6	RWs!	Client Identifier
7	RWs	User Name
8	RWo	Password
@25	1.0	1.2	oma	m	LwM2M Gateway
0	Rs!	Device ID
1	RWs!	Prefix
2	Rl	Routing Table Entry
@25	2.0	1.1	oma:	m	LwM2M Gateway
0	Rs!	Device ID
1	Rs!	Prefix
3	Rc!	IoT Device Objects
@26	1.0	1.2	oma	m	LwM2M Gateway Routing
0	Ru!	LwM2M Object ID
1	Rc!	Mapping Info
@27	1.0	1.2	oma	m	5GNR Connectivity
0	Ri!	Connectivity Option
1	Rim	NR Band Support available
2	Rim	NR Band attached
3	Rim	S-NSSAI
4	Rs	DNN Name
5	Ri	PDU Session Id	1...15
6	Ri	SSC Mode	1...3
7	Ri	PDU Session Type
8	Ri	5QI
9	Ri	SDAP Enablement
10	Ri	QFI	1...63
11	Ri	Session AMBR	1...25
12	Ri	APN-AMBR		dB
13	Rb	NAS Reflective QOS
14	Rb	Access Stratum Reflective QoS
15	Ri	P-CSCF Address Index
16	Ri	PDU session Authentication
17	Rs	PLMN ID
18	Rb	LADN Support
19	Ri	Integrity Protection on DRB
20	Rb	Access type Preference
@28	1.0	1.1	oma		Device RF Capabilities
0	Ri	Supported LTE Band Information
1	Ri	Supported EGPRS Band Information
2	Ri	Supported TD-SCDMA Band Information
3	Ri	Supported WCDMA Band Information
4	Ri	Supported CDMA-2000 Band Information
5	Ri	Supported WiMAX Band Information
6	Ri	Supported NB-IoT Band Information
7	Ri	Supported 5G Band Information
@500	1.0	1.0	oma	m	CoAP Config
0	RWi!	Network Bearer	0..255
1	RWi!	ACK_TIMEOUT		s
2	RWf!	ACK_RANDOM_FACTOR
3	RWi!	MAX_RETRANSMIT
4	RWi!	NSTART
5	RWi	DEFAULT_LEISURE		s
6	RWi	PROBING_RATE		B/s
7	RWi	DTLS Retransmission Timer		s
8	RWi	Max Response Waiting Time
9	E	Apply
@501	1.0	1.0	oma	m	LTE-MTC Band Config
1	RWi!	EARFCN	0..65535
2	Rf!	Current Frequency (Downlink)		MHz
3	Rf	Current Frequency (Uplink)		MHz
4	RWim!	Prioritized Channels
5	RWf!	Reset Timeout		s
6	E!	Reset
48	Rl	Vendor specific extensions
5750	RWs	Application Type
@502	1.0	1.0	oma	m	CO Detector
0	RWs	CO Sensor Location Tag
1	Rb!	CO Detected
2	RWf	Ambient CO Value	0..12800	ppm
3	Rf!	CO Value	0..12800	ppm
4	Rf	Min CO Range Value	0..12800	ppm
5	Rf	Max CO Range Value	0..12800	ppm
6	Rf	CO Detection Accuracy	0..12800	ppm
7	Rf	Minimum Measured CO Value	0..12800	ppm
8	Rf	Maximum Measured CO Value	0..12800	ppm
9	RWf	Upper CO Threshold	0..12800	ppm
10	E	Reset
5514	Rs	Latitude
5515	Rs	Longitude
6039	Rf	Altitude		m
6044	Rf	Battery Percentage	0.00..100.00
6048	Rf	Alarm loudness		dB
@503	1.0	1.0	oma	m	Fire Alarm
0	RWs	Temperature Sensor Location Tag
1	RWi!	Temperature Unit
2	RWf	Ambient Temperature
3	Rf!	Temperature Value
4	Rf	Minimum Measured Temperature Value
5	Rf	Maximum Measured Temperature Value
6	RWf	Min Temperature Range Value
7	RWf	Max Temperature Range Value
8	RWf	Lower Temperature Accuracy
9	RWf	Upper Temperature Accuracy
10	RWf	Temperature Threshold
11	Rb	Temperature Sensor Error
12	E	Reset Temperature
13	RWf	Temperature Alarm Loudness		dB
14	RWs	Humidity Sensor Location Tag
15	RWf	Ambient Relative Humidity	0.0..100.0	%RH
16	Rf!	Humidity Value	0.0..100.0	/100
17	Rf	Minimum Measured Humidity Value	0.0..100.0	/100
18	Rf	Maximum Measured Humidity Value	0.0..100.0	/100
19	RWf	Humidity Accuracy	0.0..100.0	/100
20	RWf	Humidity Threshold	0.0..100.0	/100
21	Rb	Humidity Sensor Error
22	E	Reset Humidity
23	RWf	Humidity Alarm Loudness		dB
24	RWs	Smoke Sensor Location Tag
25	Rb!	CO2 Alarm State
26	Rf	Ambient CO2 Value		ppm
27	Rf!	CO2 Value		ppm
28	Rf	Minimum Measured CO2 Value		ppm
29	Rf	Maximum Measured CO2 Value		ppm
30	RWf	CO2 Threshold		ppm
31	Rb	Smoke Sensor Error
32	E	Reset Smoke Detection
33	Rf	Smoke Alarm Loudness		dB
5514	Rs	Latitude
5515	Rs	Longitude
6039	Rf	Altitude		m
6044	Rf	Battery Percentage	0.00..100.00
@504	1.0	1.0	oma	m	Remote SIM Provisioning
0	Ri!	Current SIM Type	0..3
1	Rim!	Supported SIM Type	0..3
2	Rs	Service Provider Name
3	RWs	Download URI/Information	0..255
4	E	RSP Update
5	Ri	RSP Update State	0..10
6	Ri	RSP Update Result	0..16
7	Rs	Profile Name	0..255
8	Rs	Profile Package Version	0..255
9	Ri	Free Memory on SIM		KiB
10	Ri	Total Memory on SIM		KiB
11	Rsm!	Integrated Circuit Card Identifier (ICCID)
12	Rs	eUICC ID
13	Ri!	RSP Type
14	RWs	Selected ICCID for RSP operation
15	Rs	RSP Consent Reason
16	Wi	RSP User Consent	0..1
17	Ws	RSP Confirmation Code
18	RWi	RSP Data Type	0..17
19	Wo	Set RSP Data
20	Ro	Get RSP Data
@505	1.0	1.0	oma	m	LwM2M SIM Provisioning
0	Ri!	Current SIM Type	0..3
1	Rim!	Supported SIM Type	0..3
2	Rs!	Service Provider Name
3	Wo	Profile Package
4	RWs	Profile URI	0..255
5	E	Update Profile
6	Ri!	Update State	0..3
7	Ri!	Update Result	0..8
8	Rs	Profile Name	0..255
9	Rs	Profile Package Version	0..255
10	Rim	Profile Update Protocol Support	0..3
11	Ri!	Profile Update Delivery Method	0..2
12	Ri	Free Memory on SIM		KiB
13	Ri	Total Memory on SIM		KiB
14	Rim	Integrated Circuit Card Identifier (ICCID)
15	Rs	eUICC ID
16	Rs	Profile Type
@507	1.0	1.0	oma	m	nuSIM Profile
0	RWs!	encP
1	RWs!	mac
2	RWs!	eKpubDP
3	RWs!	SigEKpubDP
4	RWs!	KpubDP
5	RWs!	SigKpubDP
6	RWs!	KpubCl
@508	1.0	1.0	oma		nuSIM
0	Rs!	EID
1	Rs!	ICCID
2	Ro!	nuSIM Capabilities
3	Rs	nuSIM Cert
4	RWl!	nuSIM Profile
5	E!	Load Profile
6	Ri!	Load Profile Result	0..255
@509	1.0	1.1	oma	m	Measurement Metadata
0	Rl!	Linked Sensor
1	Rim	Measurement Quality Reason Code	0..1023
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
@510	1.0	1.1	oma	m	Vendor Specific Measurement Quality Reason
0	Ri!	Vendor Specific Quality Reason Code	128..1023
1	Rs!	Quality Reason Name	1..128
2	Rs!	Quality Reason Description
@511	1.0	1.1	oma	m	Compact Composite
0	RWc!	Target Links
1	Ro!	Compact Data
2	RWs	Description
@2048	1.0	1.0	ext	m	CmdhPolicy
0	RWs!	Name
1	RWl!	DefaultRule
2	RWlm!	LimiRules
3	RWlm!	NetworkAccessECRules
4	RWlm!	BufferRules
@2049	1.0	1.0	ext		ActiveCmdhPolicy
0	RWl!	ActiveLink
@2050	1.0	1.0	ext	m	CmdhDefaults
0	RWlm!	DefaultEcRules
1	RWlm!	DefaultEcParamRules
@2051	1.0	1.0	ext	m	CmdhDefEcValues
0	RWi!	Order
1	RWs!	DefEcValue
2	RWsm!	RequestOrigin
3	RWs	RequestContext
4	RWb	RequestContextNotification
5	RWs	RequestCharacteristics
@2052	1.0	1.0	ext	m	CmdhEcDefParamValues
0	RWim!	ApplicableEventCategory
1	RWi!	DefaultRequestExpTime		ms
2	RWi!	DefaultResultExpTime		ms
3	RWi!	DefaultOpExecTime		ms
4	RWi!	DefaultRespPersistence		ms
5	RWi!	DefaultDelAggregation		ms
@2053	1.0	1.0	ext	m	CmdhLimits
0	RWi!	Order
1	RWsm!	RequestOrigin
2	RWs	RequestContext
3	RWb	RequestContextNotificatio
4	RWs	RequestCharacteristics
5	RWim!	LimitsEventCategory
6	RWim!	LimitsRequestExpTime	2 Instances	ms
7	RWim!	LimitsResultExpTime	2 Instances	ms
8	RWim!	LimitsOptExpTime	2 Instances	ms
9	RWim!	LimitsRespPersistence	2 Instances	ms
10	RWsm!	LimitsDelAggregation
@2054	1.0	1.0	ext	m	CmdhNetworkAccessRules
0	RWim!	ApplicableEventCategories
1	RWlm	NetworkAccessRule
@2055	1.0	1.0	ext	m	CmdhNwAccessRule
0	RWsm!	TargetNetwork
1	RWi!	SpreadingWaitTime		ms
2	RWi!	MinReqVolume		B
3	RWl!	BackOffParameters
4	RWs!	OtherConditions
5	RWsm!	AllowedSchedule
@2056	1.0	1.0	ext	m	CmdhBuffer
0	RWim!	ApplicableEventCategory
1	RWi!	MaxBufferSize		B
2	RWi!	StoragePriority	1..10
@2057	1.0	1.0	ext	m	CmdhBackOffParametersSet
0	RWi	NetworkAction	1..5
1	RWi!	InitialBackoffTime		ms
2	RWi!	AdditionalBackoffTime		ms
3	RWi!	MaximumBackoffTime		ms
4	RWim	OptionalRandomBackoffTime		ms
@3200	1.0	1.0	ext	m	Digital Input
5500	Rb!	Digital Input State
5501	Ri	Digital Input Counter
5502	RWb	Digital Input Polarity
5503	RWi	Digital Input Debounce		ms
5504	RWi	Digital Input Edge Selection	1..3
5505	E	Digital Input Counter Reset
5750	RWs	Application Type
5751	Rs	Sensor Type
@3200	1.1	1.0	ext:	m	Digital Input
5500	Rb!	Digital Input State
5501	Ri	Digital Input Counter
5502	RWb	Digital Input Polarity
5503	RWi	Digital Input Debounce		ms
5504	RWi	Digital Input Edge Selection	1..3
5505	E	Digital Input Counter Reset
5518	Rt	Timestamp
5750	RWs	Application Type
5751	Rs	Sensor Type
6050	Rf	Fractional Timestamp	0..1	s
@3201	1.0	1.0	ext	m	Digital Output
5550	RWb!	Digital Output State
5551	RWb	Digital Output Polarity
5750	RWs	Application Type
@3201	1.1	1.0	ext:	m	Digital Output
5518	Rt	Timestamp
5550	RWb!	Digital Output State
5551	RWb	Digital Output Polarity
5750	RWs	Application Type
6050	Rf	Fractional Timestamp	0..1	s
@3202	1.0	1.0	ext	m	Analog Input
5600	Rf!	Analog Input Current Value
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5750	RWs	Application Type
5751	Rs	Sensor Type
@3202	1.1	1.0	ext:	m	Analog Input
5518	Rt	Timestamp
5600	Rf!	Analog Input Current Value
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5750	RWs	Application Type
5751	Rs	Sensor Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3203	1.0	1.0	ext	m	Analog Output
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5650	RWf!	Analog Output Current Value	0..1
5750	RWs	Application Type
@3203	1.1	1.0	ext:	m	Analog Output
5518	Rt	Timestamp
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5650	RWf!	Analog Output Current Value	0..1
5750	RWs	Application Type
6050	Rf	Fractional Timestamp	0..1	s
@3300	1.0	1.0	ext	m	Generic Sensor
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5751	Rs	Sensor Type
@3300	1.1	1.0	ext:	m	Generic Sensor
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5751	Rs	Sensor Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3301	1.0	1.0	ext	m	Illuminance
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
@3301	1.1	1.0	ext:	m	Illuminance
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3302	1.0	1.0	ext	m	Presence
5500	Rb!	Digital Input State
5501	Ri	Digital Input Counter
5505	E	Digital Input Counter Reset
5751	Rs	Sensor Type
5903	RWi	Busy to Clear delay		ms
5904	RWi	Clear to Busy delay		ms
@3302	1.1	1.0	ext:	m	Presence
5500	Rb!	Digital Input State
5501	Ri	Digital Input Counter
5505	E	Digital Input Counter Reset
5518	Rt	Timestamp
5750	RWs	Application Type
5751	Rs	Sensor Type
5903	RWi	Busy to Clear delay		ms
5904	RWi	Clear to Busy delay		ms
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3303	1.0	1.0	ext	m	Temperature
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
@3303	1.1	1.0	ext:	m	Temperature
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3304	1.0	1.0	ext	m	Humidity
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
@3304	1.1	1.0	ext:	m	Humidity
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3305	1.0	1.0	ext	m	Power Measurement
5605	E	Reset Min and Max Measured Values
5800	Rf!	Instantaneous active power		W
5801	Rf	Min Measured active power		W
5802	Rf	Max Measured active power		W
5803	Rf	Min Range active power		W
5804	Rf	Max Range active power		W
5805	Rf	Cumulative active power		Wh
5806	Wf	Active Power Calibration		W
5810	Rf	Instantaneous reactive power		var
5811	Rf	Min Measured reactive power		var
5812	Rf	Max Measured reactive power		var
5813	Rf	Min Range reactive power		var
5814	Rf	Max Range reactive power		var
5815	Rf	Cumulative reactive power		varh
5816	Wf	Reactive Power Calibration		var
5820	Rf	Power factor
5821	RWf	Current Calibration
5822	E	Reset Cumulative energy
@3305	1.1	1.0	ext:	m	Power Measurement
5518	Rt	Timestamp
5605	E	Reset Min and Max Measured Values
5750	RWs	Application Type
5800	Rf!	Instantaneous active power		W
5801	Rf	Min Measured active power		W
5802	Rf	Max Measured active power		W
5803	Rf	Min Range active power		W
5804	Rf	Max Range active power		W
5805	Rf	Cumulative active power		Wh
5806	Wf	Active Power Calibration		W
5810	Rf	Instantaneous reactive power		var
5811	Rf	Min Measured reactive power		var
5812	Rf	Max Measured reactive power		var
5813	Rf	Min Range reactive power		var
5814	Rf	Max Range reactive power		var
5815	Rf	Cumulative reactive power		varh
5816	Wf	Reactive Power Calibration		var
5820	Rf	Power factor
5821	RWf	Current Calibration
5822	E	Reset Cumulative energy
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3306	1.0	1.0	ext	m	Actuation
5750	RWs	Application Type
5850	RWb!	On/Off
5851	RWi	Dimmer	0..100	/100
5852	RWi	On time		s
5853	RWs	Multi-state Output
@3306	1.1	1.0	ext:	m	Actuation
5518	Rt	Timestamp
5750	RWs	Application Type
5850	RWb!	On/Off
5851	RWi	Dimmer	0..100	/100
5852	RWi	On time		s
5853	RWs	Multi-state Output
6050	Rf	Fractional Timestamp	0..1	s
@3308	1.0	1.0	ext	m	Set Point
5701	Rs	Sensor Units
5706	RWs	Colour
5750	RWs	Application Type
5900	RWf!	Set Point Value
@3308	1.1	1.0	ext:	m	Set Point
5518	Rt	Timestamp
5701	Rs	Sensor Units
5706	RWs	Colour
5750	RWs	Application Type
5900	RWf!	Set Point Value
6050	Rf	Fractional Timestamp	0..1	s
@3310	1.0	1.0	ext	m	Load Control
5823	RWs!	Event Identifier
5824	RWt!	Start Time
5825	RWi!	Duration In Min		min
5826	RWi	Criticality Level	0..3
5827	RWi	Avg Load AdjPct	0..100	/100
5828	RWi	Duty Cycle	0..100	/100
@3310	1.1	1.0	ext:	m	Load Control
5518	Rt	Timestamp
5750	RWs	Application Type
5823	RWs!	Event Identifier
5824	RWt!	Start Time
5825	RWi!	Duration In Min		min
5826	RWi	Criticality Level	0..3
5827	RWi	Avg Load AdjPct	0..100	/100
5828	RWi	Duty Cycle	0..100	/100
6050	Rf	Fractional Timestamp	0..1	s
@3311	1.0	1.0	ext	m	Light Control
5701	Rs	Sensor Units
5706	RWs	Colour
5750	RWs	Application Type
5805	Rf	Cumulative active power		Wh
5820	Rf	Power factor
5850	RWb!	On/Off
5851	RWi	Dimmer	0..100	/100
5852	RWi	On time		s
@3312	1.0	1.0	ext	m	Power Control
5750	RWs	Application Type
5805	Rf	Cumulative active power		Wh
5820	Rf	Power factor
5850	RWb!	On/Off
5851	RWi	Dimmer	0..100	/100
5852	RWi	On time		s
@3312	1.1	1.0	ext:	m	Power Control
5518	Rt	Timestamp
5750	RWs	Application Type
5805	Rf	Cumulative active power		Wh
5820	Rf	Power factor
5850	RWb!	On/Off
5851	RWi	Dimmer	0..100	/100
5852	RWi	On time		s
6050	Rf	Fractional Timestamp	0..1	s
@3313	1.0	1.0	ext	m	Accelerometer
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5701	Rs	Sensor Units
5702	Rf!	X Value
5703	Rf	Y Value
5704	Rf	Z Value
@3313	1.1	1.0	ext:	m	Accelerometer
5518	Rt	Timestamp
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5701	Rs	Sensor Units
5702	Rf!	X Value
5703	Rf	Y Value
5704	Rf	Z Value
5750	RWs	Application Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3314	1.0	1.0	ext	m	Magnetometer
5701	Rs	Sensor Units
5702	Rf!	X Value
5703	Rf	Y Value
5704	Rf	Z Value
5705	Rf	Compass Direction	0..360	deg
@3314	1.1	1.0	ext:	m	Magnetometer
5518	Rt	Timestamp
5701	Rs	Sensor Units
5702	Rf!	X Value
5703	Rf	Y Value
5704	Rf	Z Value
5705	Rf	Compass Direction	0..360	deg
5750	RWs	Application Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3315	1.0	1.0	ext	m	Barometer
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
@3315	1.1	1.0	ext:	m	Barometer
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3316	1.0	1.0	ext	m	Voltage
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3316	1.1	1.0	ext:	m	Voltage
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3317	1.0	1.0	ext	m	Current
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3317	1.1	1.0	ext:	m	Current
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3318	1.0	1.0	ext	m	Frequency
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3318	1.1	1.0	ext:	m	Frequency
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3319	1.0	1.0	ext	m	Depth
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3319	1.1	1.0	ext:	m	Depth
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3320	1.0	1.0	ext	m	Percentage
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3320	1.1	1.0	ext:	m	Percentage
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3321	1.0	1.0	ext	m	Altitude
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3321	1.1	1.0	ext:	m	Altitude
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3322	1.0	1.0	ext	m	Load
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3322	1.1	1.0	ext:	m	Load
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3323	1.0	1.0	ext	m	Pressure
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3323	1.1	1.0	ext:	m	Pressure
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3324	1.0	1.0	ext	m	Loudness
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3324	1.1	1.0	ext:	m	Loudness
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3325	1.0	1.0	ext	m	Concentration
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3325	1.1	1.0	ext:	m	Concentration
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3326	1.0	1.0	ext	m	Acidity
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3326	1.1	1.0	ext:	m	Acidity
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3327	1.0	1.0	ext	m	Conductivity
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3327	1.1	1.0	ext:	m	Conductivity
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3328	1.0	1.0	ext	m	Power
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3328	1.1	1.0	ext:	m	Power
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3329	1.0	1.0	ext	m	Power Factor
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3329	1.1	1.0	ext:	m	Power Factor
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3330	1.0	1.0	ext	m	Distance
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3330	1.1	1.0	ext:	m	Distance
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3331	1.0	1.0	ext	m	Energy
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5822	E	Reset Cumulative energy
@3331	1.1	1.0	ext:	m	Energy
5518	Rt	Timestamp
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5822	E	Reset Cumulative energy
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3332	1.0	1.0	ext	m	Direction
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5605	E	Reset Min and Max Measured Values
5705	Rf!	Compass Direction	0..360	deg
5750	RWs	Application Type
@3332	1.1	1.0	ext:	m	Direction
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5605	E	Reset Min and Max Measured Values
5705	Rf!	Compass Direction	0..360	deg
5750	RWs	Application Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3333	1.0	1.0	ext	m	Time
5506	RWt!	Current Time
5507	RWf	Fractional Time	0..1	s
5750	RWs	Application Type
@3333	1.1	1.0	ext:	m	Time
5506	RWt!	Current Time
5507	RWf	Fractional Time	0..1	s
5750	RWs	Application Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
@3334	1.0	1.0	ext	m	Gyrometer
5508	Rf	Min X Value
5509	Rf	Max X Value
5510	Rf	Min Y Value
5511	Rf	Max Y Value
5512	Rf	Min Z Value
5513	Rf	Max Z Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5701	Rs	Sensor Units
5702	Rf!	X Value
5703	Rf	Y Value
5704	Rf	Z Value
5750	RWs	Application Type
@3334	1.1	1.0	ext:	m	Gyrometer
5508	Rf	Min X Value
5509	Rf	Max X Value
5510	Rf	Min Y Value
5511	Rf	Max Y Value
5512	Rf	Min Z Value
5513	Rf	Max Z Value
5518	Rt	Timestamp
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5701	Rs	Sensor Units
5702	Rf!	X Value
5703	Rf	Y Value
5704	Rf	Z Value
5750	RWs	Application Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3335	1.0	1.0	ext	m	Colour
5701	Rs	Sensor Units
5706	RWs!	Colour
5750	RWs	Application Type
@3335	1.1	1.0	ext:	m	Colour
5518	Rt	Timestamp
5701	Rs	Sensor Units
5706	RWs!	Colour
5750	RWs	Application Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3336	1.0	1.0	ext	m	Location
5514	Rs!	Latitude
5515	Rs!	Longitude
5516	Rs	Uncertainty
5517	Ro	Velocity
5518	Rt	Timestamp
5705	Rf	Compass Direction	0..360	deg
5750	RWs	Application Type
@3336	1.1	1.0	ext:	m	Location
5514	Rs!	Latitude
5515	Rs!	Longitude
5516	Rs	Uncertainty
5517	Ro	Velocity
5518	Rt	Timestamp
5705	Rf	Compass Direction	0..360	deg
5750	RWs	Application Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3336	2.0	1.0	ext:	m	Location
5517	Ro	Velocity
5518	Rt	Timestamp
5705	Rf	Compass Direction	0..360	deg
5750	RWs	Application Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
6051	Rf!	Numeric Latitude		lat
6052	Rf!	Numeric Longitude		lon
6053	Rf	Numeric Uncertainty		m
@3337	1.0	1.0	ext	m	Positioner
5519	Rf	Min Limit
5520	Rf	Max Limit
5536	RWf!	Current Position	0..100	/100
5537	RWf	Transition Time		s
5538	Rf	Remaining Time		s
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5605	E	Reset Min and Max Measured Values
5750	RWs	Application Type
@3337	1.1	1.0	ext:	m	Positioner
5518	Rt	Timestamp
5519	Rf	Min Limit
5520	Rf	Max Limit
5536	RWf!	Current Position	0..100	/100
5537	RWf	Transition Time		s
5538	Rf	Remaining Time		s
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5605	E	Reset Min and Max Measured Values
5750	RWs	Application Type
6050	Rf	Fractional Timestamp	0..1	s
@3338	1.0	1.0	ext	m	Buzzer
5521	RWf	Delay Duration		s
5525	RWf!	Minimum Off-time		s
5548	RWf	Level	0..100	/100
5750	RWs	Application Type
5850	RWb!	On/Off
@3338	1.1	1.0	ext:	m	Buzzer
5518	Rt	Timestamp
5521	RWf	Delay Duration		s
5525	RWf!	Minimum Off-time		s
5548	RWf	Level	0..100	/100
5750	RWs	Application Type
5850	RWb!	On/Off
6050	Rf	Fractional Timestamp	0..1	s
@3339	1.0	1.0	ext	m	Audio Clip
5522	RWo!	Clip
5523	E	Trigger
5524	RWf	Duration		s
5548	RWf	Level	0..100	/100
5750	RWs	Application Type
@3340	1.0	1.0	ext	m	Timer
5501	Ri	Digital Input Counter
5521	RWf!	Delay Duration		s
5523	E	Trigger
5525	RWf	Minimum Off-time		s
5526	RWi	Timer Mode	0..4
5534	RWi	Counter
5538	Rf	Remaining Time		s
5543	Rb	Digital State
5544	RWf	Cumulative Time		s
5750	RWs	Application Type
5850	RWb	On/Off
@3341	1.0	1.0	ext	m	Addressable Text Display
5527	RWs!	Text
5528	RWi	X Coordinate
5529	RWi	Y Coordinate
5530	E	Clear Display
5531	RWf	Contrast	0..100	/100
5545	Ri	Max X Coordinate
5546	Ri	Max Y Coordinate
5548	RWf	Level	0..100	/100
5750	RWs	Application Type
@3342	1.0	1.0	ext	m	On/Off switch
5500	Rb!	Digital Input State
5501	Ri	Digital Input Counter
5750	RWs	Application Type
5852	RWi	On time		s
5854	RWi	Off Time		s
@3342	1.1	1.0	ext:	m	On/Off switch
5500	Rb!	Digital Input State
5501	Ri	Digital Input Counter
5518	Rt	Timestamp
5750	RWs	Application Type
5852	RWi	On time		s
5854	RWi	Off Time		s
6050	Rf	Fractional Timestamp	0..1	s
@3343	1.0	1.0	ext	m	Dimmer
5548	RWf!	Level	0..100	/100
5750	RWs	Application Type
5852	RWi	On time		s
5854	RWi	Off Time		s
@3344	1.0	1.0	ext	m	Up/Down Control
5532	Rb!	Increase Input State
5533	Rb!	Decrease Input State
5541	RWi	Up Counter
5542	RWi	Down Counter
5750	RWs	Application Type
@3345	1.0	1.0	ext	m	Multiple Axis Joystick
5500	Rb	Digital Input State
5501	Ri	Digital Input Counter
5702	Rf	X Value
5703	Rf	Y Value
5704	Rf	Z Value
5750	RWs	Application Type
@3346	1.0	1.0	ext	m	Rate
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@3346	1.1	1.0	ext:	m	Rate
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3347	1.0	1.0	ext	m	Push button
5500	Rb!	Digital Input State
5501	Ri	Digital Input Counter
5750	RWs	Application Type
@3347	1.1	1.0	ext:	m	Push button
5500	Rb!	Digital Input State
5501	Ri	Digital Input Counter
5518	Rt	Timestamp
5750	RWs	Application Type
6050	Rf	Fractional Timestamp	0..1	s
@3348	1.0	1.0	ext	m	Multi-state Selector
5547	Ri!	Multi-state Input
5750	RWs	Application Type
@3348	1.1	1.0	ext:	m	Multi-state Selector
5518	Rt	Timestamp
5547	Ri!	Multi-state Input
5750	RWs	Application Type
6050	Rf	Fractional Timestamp	0..1	s
@3349	1.0	1.0	ext	m	Bitmap
5750	RWs	Application Type
5910	Ri!	Bitmap Input
5911	E	Bitmap Input Reset
5912	RWsm	Element Description
@3349	1.1	1.0	ext:	m	Bitmap
5518	Rt	Timestamp
5750	RWs	Application Type
5910	Ri!	Bitmap Input
5911	E	Bitmap Input Reset
5912	RWsm	Element Description
6050	Rf	Fractional Timestamp	0..1	s
@3350	1.0	1.0	ext	m	Stopwatch
5501	Ri	Digital Input Counter
5544	RWf!	Cumulative Time		s
5750	RWs	Application Type
5850	RWb	On/Off
@3350	1.1	1.0	ext:	m	Stopwatch
5501	Ri	Digital Input Counter
5518	Rt	Timestamp
5544	RWf!	Cumulative Time		s
5750	RWs	Application Type
5850	RWb	On/Off
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3351	1.0	1.0	ext		powerupLog
0	Rs!	deviceName
1	Rs!	toolVersion
2	Rs!	IMEI
3	Rs!	IMSI
4	Rs!	MSISDN
@3352	1.0	1.0	ext	m	plmnSearchEvent
0	Ri!	timeScanStart
6030	Ri!	plmnID
6031	Ri!	BandIndicator
6032	Ri!	dlEarfcn
@3353	1.0	1.0	ext		scellID
2	Ri!	TrackingAreaCode
6030	Ri!	plmnID
6031	Ri!	BandIndicator
6033	Ri!	CellID
@3354	1.0	1.0	ext		cellReselectionEvent
0	Ri!	timeReselectionStart
3	Ri!	failureType
6032	Ri!	dlEarfcn
6033	Ri!	CellID
@3355	1.0	1.0	ext		handoverEvent
0	Ri!	timeHandoverStart
3	Ri!	handoverResult
4	Ri!	TargetEarfcn
5	Ri!	TargetPhysicalCellID
6	Ri!	targetCellRsrp
6032	Ri!	dlEarfcn
6033	Ri!	CellID
@3356	1.0	1.0	ext		radioLinkFailureEvent
0	Ri!	timeRLF
1	Ri!	rlfCause
@3357	1.0	1.0	ext		rrcStateChangeEvent
0	Ri!	rrcState
1	Ri!	rrcStateChangeCause
@3358	1.0	1.0	ext		rrcTimerExpiryEvent
0	Ri!	RrcTimerExpiryEvent
@3359	1.0	1.0	ext		cellBlacklistEvent
6032	Ri!	dlEarfcn
6033	Ri!	CellID
@3360	1.0	1.0	ext		esmContextInfo
0	Ri!	contextType
1	Ri!	bearerState
2	Ri!	radioBearerId
3	Ri!	qci
@3361	1.0	1.0	ext		emmStateValue
0	Ri!	EmmState
1	Ri!	emmSubstate
@3362	1.0	1.0	ext		nasEmmTimerExpiryEvent
0	Ri!	NasEmmTimerExpiryEvent
@3363	1.0	1.0	ext		nasEsmExpiryEvent
0	Ri!	NasEsmExpiryEvent
@3364	1.0	1.0	ext		emmFailureCauseEvent
0	Ri!	EMMCause
@3365	1.0	1.0	ext		rachLatency_delay
2	Ri!	rachLatencyVal
3	Ri!	delay
6037	Ri!	sysFrameNumber
6038	Ri!	subFrameNumber
@3366	1.0	1.0	ext		macRachAttemptEvent
0	Ri!	rachAttemptCounter
1	Ri!	MacRachAttemptEventType
2	Rb!	contentionBased
3	Ri!	rachMessage
4	Ri!	preambleIndex
5	Ri!	preamblePowerOffset
6	Ri!	backoffTime
7	Rb!	msg2Result
8	Ri!	timingAdjustmentValue
@3367	1.0	1.0	ext		macRachAttemptReasonEvent
0	Ri!	MacRachAttemptReasonType
1	Ri!	ueID
2	Rb!	contentionBased
3	Ri!	preamble
4	Rb!	preambleGroupChosen
@3368	1.0	1.0	ext		macTimerStatusEvent
0	Ri!	macTimerName
@3369	1.0	1.0	ext		macTimingAdvanceEvent
0	Ri!	timerValue
1	Ri!	timingAdvance
@3370	1.0	1.0	ext		ServingCellMeasurement
6032	Ri!	dlEarfcn
6034	Ri!	pci
6035	Ri!	rsrp
6036	Ri!	rsrq
6037	Ri!	sysFrameNumber
6038	Ri!	subFrameNumber
@3371	1.0	1.0	ext	m	NeighborCellMeasurements
6032	Ri!	dlEarfcn
6034	Ri!	pci
6035	Ri!	rsrp
6036	Ri!	rsrq
6037	Ri!	sysFrameNumber
6038	Ri!	subFrameNumber
@3372	1.0	1.0	ext		TimingAdvance
2	Ri!	timingAdvance
6037	Ri!	sysFrameNumber
6038	Ri!	subFrameNumber
@3373	1.0	1.0	ext		txPowerHeadroomEvent
2	Ri!	headroom-value
6037	Ri!	sysFrameNumber
6038	Ri!	subFrameNumber
@3374	1.0	1.0	ext		radioLinkMonitoring
2	Ri!	outOfSyncCount
3	Ri!	inSyncCount
4	Rb!	t310Timer
6037	Ri!	sysFrameNumber
6038	Ri!	subFrameNumber
@3375	1.0	1.0	ext		PagingDRX
2	Ri!	pagingCycle
3	Ri!	DrxNb
4	Ri!	ueID
5	Ri!	drxSysFrameNumOffset
6	Ri!	drxSubFrameNumOffset
6032	Ri!	dlEarfcn
6034	Ri!	pci
@3376	1.0	1.0	ext		txPowerBackOffEvent
0	Ri!	TxPowerBackoff
@3377	1.0	1.0	ext		Message3Report
0	Ri!	tpc
1	Ri!	resourceIndicatorValue
2	Ri!	cqi
3	Rb!	uplinkDelay
4	Rb!	hoppingEnabled
5	Ri!	numRb
6	Ri!	transportBlockSizeIndex
7	Ri!	ModulationType
8	Ri!	redundancyVersionIndex
@3378	1.0	1.0	ext		PbchDecodingResults
0	Ri!	servingCellID
1	Rb!	crcResult
6037	Ri!	sysFrameNumber
@3379	1.0	1.0	ext		pucchPowerControl
2	Ri!	pucchTxPowerValue
3	Ri!	dlPathLoss
6037	Ri!	sysFrameNumber
6038	Ri!	subFrameNumber
@3380	1.0	1.0	ext		PrachReport
2	Ri!	rachTxPower
3	Ri!	zadOffSeqNum
4	Ri!	prachConfig
5	Ri!	preambleFormat
6	Ri!	maxTransmissionMsg3
7	Ri!	raResponseWindowSize
8	Rb!	RachRequestResult
9	Ri!	ce_mode
10	Ri!	ce_level
11	Ri!	num_prach_repetition
12	Ri!	prach_repetition_seq
6037	Ri!	sysFrameNumber
6038	Rb!	subFrameNumber
@3380	2.0	1.0	ext:		PrachReport
2	Ri!	rachTxPower
3	Ri!	zadOffSeqNum
4	Ri!	prachConfig
5	Ri!	preambleFormat
6	Ri!	maxTransmissionMsg3
7	Ri!	raResponseWindowSize
8	Rb!	RachRequestResult
9	Ri!	ce_mode
10	Ri!	ce_level
11	Ri!	num_prach_repetition
12	Ri!	prach_repetition_seq
6037	Ri!	sysFrameNumber
6038	Ri!	subFrameNumber
@3381	1.0	1.0	ext		VolteCallEvent
0	Ri!	callStatus
1	Ri!	callType
@3382	1.0	1.0	ext		SipRegistrationEvent
0	Ri!	registrationType
1	Ri!	registrationResult
@3383	1.0	1.0	ext		sipPublishEvent
0	Ri!	publishResult
@3384	1.0	1.0	ext		sipSubscriptionEvent
0	Ri!	eventType
1	Ri!	subscriptionResult
@3385	1.0	1.0	ext		volteCallStateChangeEvent
0	Ri!	callStatus
1	Ri!	VolteCallStateChangeCause
@3386	1.0	1.0	ext		VoLTErtpPacketLoss
0	Ri!	ssrc
1	Ri!	packetsLost
@3387	1.0	1.1	ext	m	oA Basic Control
800	Ri!	Control Function Status	0: disabled 1: normal 2: remote 3: local 255: non_responsive
801	RWi!	Control Object Mode	1: normal 2: remote 3: local
802	RWb	Ghost Configuration	0..65535
803	RWi!	Controlled Application Group ID	0..65535
805	Wu	Supersede Heartbeat	0..65535	s
806	RWu!	Push-Button Event Configuration	0..255
807	RWu!	Presence Sensor Event Configuration	0..255
811	Rom	Active-Controller-List
812	Rb!	Ghost Status
813	RWi!	Supersede Heartbeat Time		s
901	RWs	Documentary Description	0..256
905	RWb	Debug Mode Enabled
906	RWu	Inject Test Event	0..65535
909	RWc!	Executing Object
924	RWb	Object Enabled
934	E	Execute Inject
4001	Rs	ObjectVersion
@3388	1.0	1.1	ext	m	oA Device
500	Rs	OEM ID	0..64 bytes
501	Rs	OEM String	0..64 bytes
503	Ri!	CPU Temperature	-128..127	C
504	Rcm!	Executing Objects
505	RWu	System Failure Time	0..65535	ms
901	RWs	Documentary Description	0..256
907	Ru!	Error Status	0..65535
908	RWs!	Mounting Location	1..64 bytes
910	Ru!	Total Energy Usage	0..18446744073709551615	Ws
911	Ru!	Actual Power Usage	0..4294967295	W
912	Rs	Accuracy Class	0..64 bytes
929	RWu	BMS ID	0..65535
4001	Rs	ObjectVersion
@3389	1.0	1.1	ext	m	oA Group
600	RWu!	Application Group ID	0..65535
601	RWu!	Security Group ID	0..65535
602	RWom!	IP Addresses
603	RWcm!	Members
901	RWs	Documentary Description	0..256
4001	Rs	ObjectVersion
@3390	1.0	1.1	ext	m	oA Logical Colour Light-Point Actuator
125	Ru!	Target Colour X	0..65535
126	Ru!	Target Colour Y	0..65535
127	RWu!	Colour Changing Time	0..65535	ms
128	RWu!	Colour Transition Time	0..65535	ms
129	RWu!	Hue Step Size	0..65535
130	RWu!	Saturation Step Size	0..65535
131	Wo!	Set Colour
132	Wb!	Relative Change Hue
133	Wo!	Step Hue
134	Wb!	Relative Change Saturation
135	Wo!	Step Saturation
136	E!	Stop Transition
901	RWs	Documentary Description	0..256
902	RWu!	Recall Scene	0..65535
903	RWu!	Application Group ID	0..65535
904	RWu!	Status Resend Time	1..600	s
905	RWb	Debug Mode Enabled
906	RWu	Inject Test Event	0..65535
909	RWc!	Executing Object
919	RWu!	Status Report Structure ID	0..255
921	RWu!	Priority	0..5
922	RWom	Scene Cache
924	RWb	Object Enabled
934	E	Execute Inject
4001	Rs	ObjectVersion
@3391	1.0	1.1	ext	m	oA Logical Colour Temperature Light-Point Actuator
139	RWu!	Colour Temperature Changing Time	0..65535	ms
140	RWu!	Colour Temperature Transition Time	0..65535	ms
141	RWu!	Colour Temperature Step Size	0..65535	K
142	Wo!	Set Colour Temperature
143	Wb!	Relative Change Colour Temperature
144	E!	Stop Transition
145	Wo!	Step Colour Temperature
146	Ru!	Target Colour Temperature	0..65535	K
901	RWs	Documentary Description	0..256
902	Wu!	Recall Scene	0..65535
903	RWu!	Application Group ID	0..65535
904	RWu!	Status Resend Time	1..600	s
905	RWb	Debug Mode Enabled
906	Wu	Inject Test Event	0..65535
909	RWc!	Executing Object
919	RWu!	Status Report Structure ID	0..255
921	RWu!	Priority	0..5
922	RWom	Scene Cache
924	RWb	Object Enabled
934	E	Execute Test Injection
4001	Rs	ObjectVersion
@3392	1.0	1.1	ext	m	oA Logical Illuminance Sensor
400	RWu	Less Than	0..65535	lx
401	RWu	Greater Than	0..65535	lx
402	RWu	Step	0..65535	lx
403	RWu!	Minimum Update Interval	0..65535	s
404	Ru!	Sensor Value	0..65535	lx
901	RWs	Documentary Description	0..256
903	RWu!	Application Group ID	0..65535
904	RWu!	Status Resend Time	1..600	s
905	RWb	Debug Mode Enabled
906	Wu	Inject Test Event	0..65535
909	RWc!	Executing Object
919	RWu!	Status Report Structure ID	0..255
924	RWb	Object Enabled
934	E	Object Enabled
4001	Rs	ObjectVersion
@3393	1.0	1.1	ext	m	oA Logical Light-Point Actuator
100	Rb!	Target OnOff
101	Rf!	Target Intensity	0.0..1.0
106	RWu!	Dimming Time	0..65535	ms
108	RWu!	Transition Time	0..65535	ms
109	RWf!	Step Size	0.000001..1.0
117	Wo!	Switch
118	Wb!	Dim
119	E!	Stop Transition
120	Wo!	Step
901	RWs	Documentary Description	0..256
902	RWu!	Recall Scene	0..65535
903	RWu!	Application Group ID	0..65535
904	RWu!	Status Resend Time	1..600	s
905	RWb	Debug Mode Enabled
906	Wu	Inject Test Event	0..65535
909	RWc!	Executing Object
919	RWu!	Status Report Structure ID	0..255
921	RWu!	Priority	0..5
922	RWom	Scene Cache
924	RWb	Object Enabled
934	E	Object Enabled
4001	Rs	ObjectVersion
@3394	1.0	1.1	ext	m	oA Logical Presence Sensor
901	RWs	Documentary Description	0..256
903	RWu!	Application Group ID	0..65535
904	RWu!	Status Resend Time	1..600	s
905	RWb	Debug Mode Enabled
906	Wb	Inject Test Event
909	RWc!	Executing Object
919	RWu!	Status Report Structure ID	0..255
924	RWb	Object Enabled
934	E	Object Enabled
4001	Rs	ObjectVersion
5500	Rb!	Digital Input State
5903	RWi	Busy to Clear delay		ms
5904	RWi	Clear to Busy delay		ms
@3395	1.0	1.1	ext	m	oA Logical Push-Button Sensor
202	Ru!	Push-Button Event Value	0: RELEASE 1: CLICK 2: HOLD 3: DOUBLE-CLICK 255: STUCK
203	RWu!	Single Click Time	100..60000	ms
204	RWu	Hold Repeat Time	300..60000	ms
901	RWs	Documentary Description	0..256
903	RWu!	Application Group ID	0..65535
904	RWu!	Status Resend Time	1..600	s
905	RWb	Debug Mode Enabled
906	Wi	Inject Test Event	0..65535
909	RWc!	Executing Object
919	RWu!	Status Report Structure ID	0..255
924	RWb	Object Enabled
934	E	Object Enabled
4001	Rs	ObjectVersion
@3396	1.0	1.1	ext	m	oA Physical Colour Light-Point Actuator
100	Rf!	Current Intensity	0.0..1.0
102	Ru!	Remaining Transition Time	0..65535	ms
103	Rf	Physical Minimum Intensity	0.000001..1.0
104	RWf!	Minimum Intensity	0.000001..1.0
105	RWf!	Maximum Intensity	0.000001..1.0
110	RWu	Power On Behaviour	0: CONFIGURED_ON 1: FULL_ON 2: RECALL
111	RWf	Power On Intensity	0.000001..1.0
114	Rf	Stored Intensity	0.000001..1.0
115	RWf	System Failure Intensity	0.000001..1.0
122	Ru!	Current Colour Y	0..10000	K
123	Ru!	Current Colour X	0..10000	K
124	Ru!	Remaining Colour Transition Time	0..65535	ms
901	RWs	Documentary Description	0..256
907	Ro!	Error Status
908	RWs!	Mounting Location	1..64 Bytes	B
910	Ru!	Total Energy Usage	0..18446744073709551615	Ws
911	Ru!	Actual Power Usage	0..4294967295	W
912	Rs	Accuracy Class	0..64 bytes
930	Ru!	Operating Hours	0..4294967295	h
931	Ru!	Adjusted Operating Hours	0..4294967295
4001	Rs	ObjectVersion
5850	RWb!	On/Off
@3397	1.0	1.1	ext	m	oA Physical Colour Temperature Light-Point Actuator
100	Rf!	Current Intensity	0.0..1.0
102	Ru!	Remaining Transition Time	0..65535	ms
103	Rf	Physical Minimum Intensity	0.000001..1.0
104	RWf!	Minimum Intensity	0.000001..1.0
105	RWf!	Maximum Intensity	0.000001..1.0
110	RWu	Power On Behaviour	0: CONFIGURED_ON 1: FULL_ON 2: RECALL
111	RWf	Power On Intensity	0.000001..1.0
114	Rf	Stored Intensity	0.000001..1.0
115	RWf	System Failure Intensity	0.000001..1.0
137	Ru!	Current Colour Temperature	0..65535	K
138	Ru!	Remaining Colour Temperature Transition Time	0..65535	ms
155	Ru	Physical Minimum Colour Temperature	0..65535	K
156	Ru	Physical Maximum Colour Temperature	0..65535	K
157	Ru	Minimum Colour Temperature	0..65535	K
158	Ru	Maximum Colour Temperature	0..65535	K
901	RWs	Documentary Description	0..256
907	Ru!	Error Status	0..255
908	RWs!	Mounting Location	1..64 bytes
910	Ru!	Total Energy Usage	0..18446744073709551615	Ws
911	Ri!	Actual Power Usage	0..4294967295	W
912	Rs	Accuracy Class	0..64 bytes
930	Ru!	Operating Hours	0..4294967295	h
931	Ru!	Adjusted Operating Hours	0..4294967295
4001	Rs	ObjectVersion
5850	RWb!	On/Off
@3398	1.0	1.1	ext	m	oA Physical Illuminance Sensor
407	Ru	Min Range Value	0..65535	lx
408	Ru	Max Range Value	0..65535	lx
901	RWs	Documentary Description	0..256
907	Ru!	Error Status	0..255
908	RWs!	Mounting Location	1..64 bytes
4001	Rs	ObjectVersion
@3399	1.0	1.1	ext	m	oA Physical Light-Point Actuator
100	Rf!	Current Intensity	0.0..1.0
102	Ru!	Remaining Transition Time	0..65535	ms
103	Rf	Physical Minimum Intensity	0.000001..1.0
104	RWf!	Minimum Intensity	0.000001..1.0
105	RWf!	Maximum Intensity	0.000001..1.0
110	RWu	Power On Behaviour	0: CONFIGURED_ON 1: FULL_ON 2: RECALL
111	RWf	Power On Intensity	0.000001..1.0
114	Rf	Stored Intensity	0.000001..1.0
115	RWf	System Failure Intensity	0.000001..1.0
901	RWs	Documentary Description	0..256
907	Ru!	Error Status	0..255
908	RWs!	Mounting Location	1..64 bytes
910	Ru!	Total Energy Usage	0..18446744073709551615	Ws
911	Ru!	Actual Power Usage	0..4294967295	W
912	Rs	Accuracy Class	0..64 bytes
930	Ru!	Operating Hours	0..4294967295	h
931	Ru!	Adjusted Operating Hours	0..4294967295
4001	Rs	ObjectVersion
5850	RWb!	On/Off
@3400	1.0	1.1	ext	m	oA Physical Presence Sensor
901	RWs	Documentary Description	0..256
907	Ru!	Error Status	0..255
908	RWs!	Mounting Location	1..64 bytes
4001	Rs	ObjectVersion
@3401	1.0	1.1	ext	m	oA Physical Push-Button Sensor
201	Ru!	Push-Button Status Value	0: RELEASED 1: PRESSED 2: FAULT
901	RWs	Documentary Description	0..256
907	Ru!	Error Status	0..255
908	RWs!	Mounting Location	1..64 bytes
4001	Rs	ObjectVersion
5502	RWb!	Digital Input Polarity
5503	RWi!	Digital Input Debounce		ms
@3402	1.0	1.1	ext	m	oA Receiving Object
901	RWs	Documentary Description	0..256
909	RWc!	Executing Object
923	Wo!	Status Report
4001	Rs	ObjectVersion
@3403	1.0	1.1	ext	m	oA Reporting Object
901	RWs	Documentary Description	0..256
903	RWu!	Application Group ID	0..65535	s
904	RWu!	Status Resend Time	1..600	s
919	RWu!	Status Report Structure ID	1..600	s
932	RWcm!	Reporting Object Instances
933	RWc!	Target Resource
4001	Rs	ObjectVersion
@3404	1.0	1.1	ext	m	oA Scene
650	RWu!	Scene ID	0..65535
651	RWu!	Application Group ID	0..65535
652	RWu!	Transition Time	0..60000	ms
653	RWom!	Scene Configuration
655	RWb!	Changeable by User API
901	RWs	Documentary Description	0..256
4001	Rs	ObjectVersion
@3405	1.0	1.1	ext	m	oA OGC-Security
0	RWu!	OGC Security ID	0..65535
3	RWom!	Accepted Senders
5	Wo!	Secret Group Key
901	RWs	Documentary Description	0..256
4001	Rs	ObjectVersion
@3406	1.0	1.1	ext	m	oA Status Report Structure
850	RWu!	Status Report Structure ID	0..255
851	RWsm!	Keys
901	RWs	Documentary Description	0..256
4001	Rs	ObjectVersion
@3407	1.0	1.1	ext	m	Smoke Alarm
6044	Rf	Battery Percentage	0.00..100.00
6045	Rf	RSSI		dBW
6046	Rb!	Smoke Sensor State
6047	Rf	Detected CO2 percentage	0.00..100.00	/100
6048	Rf	Alarm loudness		dB
@3408	1.0	1.1	ext	m	Manhole Cover
1	Ri!	Safety Angle Threshold	0..180	rad
2	Ri!	Manhole Cover Tilt	0..180	rad
3	Rb!	Cover Open Status
@3410	1.0	1.0	ext		Device Extension
1	Rs	GTIN model number
2	Rs!	Manufacturer identifier
3	RWs	User-given name
4	RWs	Asset identifier
5	RWt	Installation date
6	Rb	Software update
7	RWb	Maintenance
8	E	Configuration reset
9	Ri	Device operating hours		h
10	Rs	Additional firmware information
@3410	2.0	1.0	ext:		Device Extension
1	Rs	GTIN model number
2	Rs!	Manufacturer identifier
3	RWs	User-given name
4	RWs	Asset identifier
5	RWt	Installation date
6	RWb	Software update
7	RWb	Maintenance
8	E	Configuration reset
9	Ri	Device operating hours		h
10	Rs	Additional firmware information
11	RWtm	DST Start		s
12	RWtm	DST End
13	RWsm	DST Offset
14	Ri	Uptime		s
15	Rb	RFD device
@3411	1.0	1.0	ext	m	Battery
1	Ri!	Battery level		/100
2	Rf	Battery capacity		Ah
3	Rf	Battery voltage		V
4	RWs	Type of battery
5	RWi	Low battery threshold		/100
6	Rb	Battery level too low
7	RWb	Battery shutdown
8	Ri	Number of cycles
9	Rb	Supply loss
10	Ri	Supply loss counter
11	E	Supply loss counter reset
12	Rs	Supply loss reason
@3411	1.1	1.0	ext:	m	Battery
1	Ri!	Battery level		/100
2	Rf	Battery capacity		Ah
3	Rf	Battery voltage		V
4	RWs	Type of battery
5	RWi	Low battery threshold		/100
6	Rb	Battery level too low
7	RWb	Battery shutdown
8	Ri	Number of cycles
9	Rb	Supply loss
10	Ri	Supply loss counter
11	E	Supply loss counter reset
12	Rs	Supply loss reason
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3412	1.0	1.0	ext	m	LPWAN Communication
1	Rs	Type of network
2	RWsm	IPv4 address
3	RWsm	IPv6 address
4	RWsm	Network address
5	RWsm	Secondary network address
6	RWs!	MAC address
7	Rsm	Peer address
8	RWsm	Multicast group address
9	RWsm	Multicast group key
10	RWi	Data rate		B/s
11	Rf	Transmit power		dBm
12	RWf	Frequency		Hz
13	RWt	Session time
14	Rt	Session duration		s
15	RWb	Mesh node
16	RWi	Maximum repeat time
17	Ri	Number of repeats
18	Rf	Signal to noise ratio		dB
19	Rb	Communication failure
20	Rf	Received Signal Strength Indication		dBm
21	Rs	IMSI
22	Rs	IMEI
23	Rs	Current Communication Operator
24	Rs	Integrated Circuit Card Identifier
@3413	1.0	1.0	ext	m	uCIFI Generic Actuator
1	RWi	Default dimming level	0..100	/100
2	Ri	Dimming level	0..100	/100
3	RWi	Command	0..100	/100
4	Ri	Command in action	0..100	/100
5	RWim	Scheduler ID
6	Rb	Invalid scheduler
@3413	1.1	1.0	ext:	m	uCIFI Generic Actuator
1	RWi	Default dimming level	0..100	/100
2	Ri	Dimming level	0..100	/100
3	RWi	Command	0..100	/100
4	Ri	Command in action	0..100	/100
5	RWim	Scheduler ID
6	Rb	Invalid scheduler
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3414	1.0	1.0	ext	m	uCIFI data bridge
1	RWs!	Payload
2	RWs	Hash
3	Ri	Cumulated daily data volume up		B
4	Ri	Cumulated daily data volume down		B
5	Ri	Cumulated daily data volume total		B
6	Rb	Communication error
@3414	2.0	1.0	ext:	m	uCIFI data bridge
1	RWo!	Payload
2	RWs	Hash
3	Ri	Cumulated daily data volume up		B
4	Ri	Cumulated daily data volume down		B
5	Ri	Cumulated daily data volume total		B
6	Rb	Communication error
7	RWi	Data Priority
8	RWt	Data Creation Time
9	RWs	Data Description
10	RWs	Data Format
11	RWi	App ID
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3415	1.0	1.0	ext		Time synchronization
1	RWs!	NTP server address
2	RWs	Backup NTP server address
3	RWs	NTP period
4	Ri	Last time sync		h
5	Rb	Time sync error
@3415	2.0	1.0	ext:		Time synchronization
1	RWs!	NTP server address
2	RWs	Backup NTP server address
3	RWi	NTP period		h
4	Ri	Last time sync		h
5	Rb	Time sync error
@3416	1.0	1.0	ext	m	Outdoor lamp controller
1	RWi!	Command	0..100	/100
2	Ri	Command in action	0..100	/100
3	Ri!	Dimming level	0..100	/100
4	RWi	Default dimming level	0..100	/100
5	Rb	Lamp failure
6	Ri	Lamp failure reason
7	Rb	Control gear failure
8	Ri	Control gear failure reason
9	Rb	Relay failure
10	Rb	Day burner
11	Rb	Cycling failure
12	Rb	Control gear communication failure
13	RWim	Scheduler ID
14	Rb	Invalid scheduler
15	Ri	Lamp operating hours		h
16	E	Lamp operating hours reset
17	Rt	Lamp ON timestamp
18	Ri	Lamp switch counter
19	E	Lamp switch counter reset
20	Ri	Control gear start counter
21	Rf	Control gear temperature		Cel
22	Rb	Control gear thermal derating
23	Ri	Control gear thermal derating counter
24	E	Control gear thermal derating counter reset
25	Rb	Control gear thermal shutdown
26	Ri	Control gear thermal shutdown counter
27	E	Control gear thermal derating counter reset
28	RWi	Output port
29	RWb	Standby mode
30	RWb	Constant light output
31	RWb	Cleaning factor enabled
32	RWi	Cleaning period
33	RWi	Initial lamp cleaning factor	0..100	/100
34	RWt	Lamp cleaning date
35	RWi	Control type	0..13
36	RWi	Nominal Lamp wattage		W
37	RWi	Minimum dimming level		/100
38	RWi	Minimum lamp wattage		W
39	RWs	Light color temperature command		K
40	Rs	Actual light color temperature		K
41	RWi	Virtual power output	0..100	/100
42	RWf	Voltage at max dim level		V
43	RWf	Voltage at min dim level		V
44	Rf	Light source voltage		V
45	Rf	Light source current		A
46	Rf	Light source active power		W
47	Rf	Light source active energy		kWh
@3416	2.0	1.0	ext:	m	Outdoor lamp controller
1	RWi!	Command	0..100	/100
2	Ri	Command in action	0..100	/100
3	Ri!	Dimming level	0..100	/100
4	RWi	Default dimming level	0..100	/100
5	Rb	Lamp failure
6	Ri	Lamp failure reason
7	Rb	Control gear failure
8	Ri	Control gear failure reason
9	Rb	Relay failure
10	Rb	Day burner
11	Rb	Cycling failure
12	Rb	Control gear communication failure
13	RWim	Scheduler ID
14	Rb	Invalid scheduler
15	Rf	Lamp operating hours		h
16	E	Lamp operating hours reset
17	Rt	Lamp ON timestamp
18	Ri	Lamp switch counter
19	E	Lamp switch counter reset
20	Ri	Control gear start counter
21	Rf	Control gear temperature		Cel
22	Rb	Control gear thermal derating
23	Ri	Control gear thermal derating counter
24	E	Control gear thermal derating counter reset
25	Rb	Control gear thermal shutdown
26	Ri	Control gear thermal shutdown counter
27	E	Control gear thermal derating counter reset
28	RWi	Output port
29	RWb	Standby mode
30	RWb	Constant light output
31	RWb	Cleaning factor enabled
32	RWi	Cleaning period
33	RWi	Initial lamp cleaning factor	0..100	/100
34	RWt	Lamp cleaning date
35	RWim	Control type	0..13
36	RWi	Nominal Lamp wattage		W
37	RWi	Minimum dimming level		/100
38	RWi	Minimum lamp wattage		W
39	RWi	Light color temperature command		K
40	Ri	Actual light color temperature		K
41	RWi	Virtual power output	0..100	/100
42	RWf	Voltage at max dim level		V
43	RWf	Voltage at min dim level		V
44	Rf	Light source voltage		V
45	Rf	Light source current		A
46	Rf	Light source active power		W
47	Rf	Light source active energy		kWh
48	RWf	Maximum light source current		A
49	RWf	Default fade time		s
50	RWt	Manual override start time
51	RWt	Manual override end time
52	RWf	Manual override fade		s
53	RWi	Manual override default duration		s
54	Rb	Manual override active
55	RWi	Default Light color temperature		K
56	Rf	Driver operating hours		h
57	E	Driver operating hours reset
58	Rs	Manufacturer GTIN
59	Rs	Manufacturer Serial Number
60	Rs	Firmware Version
61	Rs	DALI Version
62	Rf	Unit temperature		Cel
63	Ri	Device capabilities
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3417	1.0	1.0	ext	m	Luminaire asset
1	Rs!	Asset GTIN
2	RWi	Year of manufacture
3	RWi	Week of manufacture
4	RWi	Nominal light output		lm
5	RWi	Light distribution type
6	RWs	Luminaire color
7	Rf	Nominal input power		W
8	Rf	Power at minimum dim level		W
9	Ri	Nominal max AC mains voltage		V
10	Ri	Nominal min AC mains voltage		V
11	Ri	CRI	0..100
12	Ri	CCT value		K
13	Rs	Luminaire identification
14	Rs	Luminaire identification number
@3418	1.0	1.0	ext	m	Electrical monitor
1	Rf	Supply voltage		V
2	Rf	Supply current		A
3	Rf	Frequency		Hz
4	Rf	Active power		W
5	Rf	Power factor	-1..1
6	Rf	Cumulated active energy		kWh
7	E	Energy reset
8	RWf	Low power factor threshold
9	Rb	Low power factor
10	RWf	Low power threshold		W
11	RWf	Low power threshold at low dim level		W
12	Rb	Low power
13	RWf	High power threshold		W
14	RWf	High power threshold at low dim level		W
15	Rb	High power
16	RWf	Low current threshold		A
17	Rb	Low current
18	RWf	High current threshold		A
19	Rb	High current
20	RWf	Low voltage threshold		V
21	Rb	Low voltage
22	RWf	High voltage threshold	ON;OFF	V
23	Rb	High voltage
24	RWf	Critical inrush threshold		A
25	Rb	Critical inrush current
26	Rf	Minimum inrush Current		A
27	Rf	Maximum inrush Current		A
28	Rf	Latest inrush Current		A
29	Rf	Reactive power		var
30	Rf	Reactive energy		varh
@3418	2.0	1.0	ext:	m	Electrical monitor
1	Rf	Supply voltage		V
2	Rf	Supply current		A
3	Rf	Frequency		Hz
4	Rf	Active power		W
5	Rf	Power factor	-1..1
6	Rf	Cumulated active energy		Wh
7	E	Energy reset
8	RWf	Low power factor threshold
9	Rb	Low power factor
10	RWf	Low power threshold		W
11	RWf	Low power threshold at low dim level		W
12	Rb	Low power
13	RWf	High power threshold		W
14	RWf	High power threshold at low dim level		W
15	Rb	High power
16	RWf	Low current threshold		A
17	Rb	Low current
18	RWf	High current threshold		A
19	Rb	High current
20	RWf	Low voltage threshold		V
21	Rb	Low voltage
22	RWf	High voltage threshold	ON;OFF	V
23	Rb	High voltage
24	RWf	Critical inrush threshold		A
25	Rb	Critical inrush current
26	Rf	Minimum inrush Current		A
27	Rf	Maximum inrush Current		A
28	Rf	Latest inrush Current		A
29	Rf	Reactive power		var
30	Rf	Reactive energy		varh
31	RWfm	Low power threshold at custom dim level		W
32	RWfm	High power threshold at custom dim level		W
33	RWim	Custom dim level min range		/100
34	RWim	Custom dim level max range		/100
35	Ri	Dimming level		/100
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3419	1.0	1.0	ext	m	Photocell
1	RWf	ON lux level		lx
2	RWf	OFF lux level		lx
3	Rb	Photocell status
@3419	1.1	1.0	ext:	m	Photocell
1	RWf	ON lux level		lx
2	RWf	OFF lux level		lx
3	Rb	Photocell status
5518	Rt	Timestamp
6050	Rf	Fractional Timestamp	0..1	s
@3420	1.0	1.0	ext	m	LED color light
1	RWs!	RGB value
@3421	1.0	1.0	ext	m	Single-phase electrical meter
1	Rf!	Voltage		V
2	Rf	Low voltage threshold		V
3	Rb	Low voltage
4	Rf	High voltage threshold		V
5	Rb	High voltage
6	Rf!	Current		A
7	Rf	Low current threshold		A
8	Rb	Low current
9	Rf	High current threshold		V
10	Rb	High current
11	Rf	Frequency		Hz
12	Rf	Angle of I-U		deg
13	Rf!	Instantaneous Power Factor
14	Rf	Low power factor threshold
15	Rb	Low power factor
16	Rf!	Active power+ (QI+QIV)		W
17	Rf	Active power- (QII+QIII)		W
18	Rf	Reactive power+ (QI+QII)		var
19	Rf	Reactive power- (QIII+QIV)		var
20	Rf	Instantaneous Apparent Power import (+VA)		VA
21	Rf	Instantaneous Apparent Power export (-VA)		VA
22	Rf	Instantaneous Active Power (|+A|+|-A|)		W
23	Rf	Instantaneous Net Active Power (|+A|-|-A|)		W
24	Rf	Measurement period of Instantaneous value		s
25	Rf!	Active energy import (+A) Un		Wh
26	Rf	Active energy export (-A) Un		Wh
27	Rf	Active energy (|+A|+|-A|) Combined total		Wh
28	Rf	Active energy (|+A|-|-A|) Combined total		Wh
29	Rf	Reactive energy import (+R) Un		varh
30	Rf	Reactive energy export (-R) Un		varh
31	Rf	Reactive energy QI (+Ri) Un		varh
32	Rf	Reactive energy QII (+Rc) Un		varh
33	Rf	Reactive energy QIII (-Ri) Un		varh
34	Rf	Reactive energy QIV (-Rc) Un		varh
35	Rf	Apparent energy import Un		VAh
36	Rf	Apparent energy export Un		VAh
37	Rf	Number of power failures
38	Rf	Number of long power failures
39	RWf	Time threshold for long power failure		s
40	Rf	Duration of last long power failure		s
41	RWf	Threshold for voltage sag		V
42	RWf	Time threshold for voltage sag		s
43	Rf	Number of voltage sags
44	Rf	Duration of last voltage sag		s
45	Rf	Magnitude of last voltage sag		V
46	RWf	Threshold for voltage swell		V
47	RWf	Time threshold for voltage swell		s
48	Rf	Number of voltage swells
49	Rf	Duration of last voltage swell		s
50	Rf	Magnitude of last voltage swell		V
51	RWf	Threshold for missing voltage (voltage cut)		V
52	RWf	Time threshold for voltage cut		s
53	Rb	Voltage cut
54	RWf	CT Numerator Parameter
55	RWf	CT Denominator Parameter
56	RWf	VT Numerator Parameter
57	RWf	VT Denominator Parameter
@3421	2.0	1.0	ext:	m	Single-phase electrical meter
1	Rf!	Voltage		V
2	Rf	Low voltage threshold		V
3	Rb	Low voltage
4	Rf	High voltage threshold		V
5	Rb	High voltage
6	Rf!	Current		A
7	Rf	Low current threshold		A
8	Rb	Low current
9	Rf	High current threshold		V
10	Rb	High current
11	Rf	Frequency		Hz
12	Rf	Angle of I-U		deg
13	Rf!	Instantaneous Power Factor
14	Rf	Low power factor threshold
15	Rb	Low power factor
16	Rf!	Active power+ (QI+QIV)		W
17	Rf	Active power- (QII+QIII)		W
18	Rf	Reactive power+ (QI+QII)		var
19	Rf	Reactive power- (QIII+QIV)		var
20	Rf	Instantaneous Apparent Power import (+VA)		VA
21	Rf	Instantaneous Apparent Power export (-VA)		VA
22	Rf	Instantaneous Active Power (|+A|+|-A|)		W
23	Rf	Instantaneous Net Active Power (|+A|-|-A|)		W
24	Rf	Measurement period of Instantaneous value		s
25	Rf!	Active energy import (+A) Un		Wh
26	Rf	Active energy export (-A) Un		Wh
27	Rf	Active energy (|+A|+|-A|) Combined total		Wh
28	Rf	Active energy (|+A|-|-A|) Combined total		Wh
29	Rf	Reactive energy import (+R) Un		varh
30	Rf	Reactive energy export (-R) Un		varh
31	Rf	Reactive energy QI (+Ri) Un		varh
32	Rf	Reactive energy QII (+Rc) Un		varh
33	Rf	Reactive energy QIII (-Ri) Un		varh
34	Rf	Reactive energy QIV (-Rc) Un		varh
35	Rf	Apparent energy import Un		VAh
36	Rf	Apparent energy export Un		VAh
37	Rf	Number of power failures
38	Rf	Number of long power failures
39	RWf	Time threshold for long power failure		s
40	Rf	Duration of last long power failure		s
41	RWf	Threshold for voltage sag		V
42	RWf	Time threshold for voltage sag		s
43	Rf	Number of voltage sags
44	Rf	Duration of last voltage sag		s
45	Rf	Magnitude of last voltage sag		V
46	RWf	Threshold for voltage swell		V
47	RWf	Time threshold for voltage swell		s
48	Rf	Number of voltage swells
49	Rf	Duration of last voltage swell		s
50	Rf	Magnitude of last voltage swell		V
51	RWf	Threshold for missing voltage (voltage cut)		V
52	RWf	Time threshold for voltage cut		s
53	Rb	Voltage cut
54	RWf	CT Numerator Parameter
55	RWf	CT Denominator Parameter
56	RWf	VT Numerator Parameter
57	RWf	VT Denominator Parameter
58	Rb	Unexpected load
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3422	1.0	1.0	ext	m	Three-phase electrical meter complement
1	Rf	L1-L2 Voltage		V
2	Rf	L2-L3 Voltage		V
3	Rf	L3-L1 Voltage		V
4	Rf!	Total Current of all three phases		A
5	Rf	Instantaneous Power Factor overall
6	Rf	Last Average Power Factor
7	Rf	Minimum Power Factor
8	Rf!	Total active power import on the 3 lines		W
9	Rf	Total active power export on the 3 lines		W
10	Rf!	Total reactive power import on the 3 lines		var
11	Rf	Total reactive power export on the 3 lines		var
12	Rf	Instantaneous Apparent Power import	-1..1	VA
13	Rf	Instantaneous Apparent Power export		VA
14	Rf	Instantaneous Active Power		W
15	Rf	Instantaneous Net Active Power		W
16	Rf	Measurement period of Instantaneous value		s
17	Rf!	Active energy import Un		Wh
18	Rf	Active energy export Un		Wh
19	Rf	Active energy Combined total (+export)		Wh
20	Rf	Active energy Combined total (-export)		Wh
21	Rf!	Reactive energy import Un		varh
22	Rf	Reactive energy export Un		varh
23	Rf	Reactive energy QI Un		varh
24	Rf	Reactive energy QII Un		varh
25	Rf	Reactive energy QIII Un		varh
26	Rf	Reactive energy QIV Un		varh
27	Rf	Apparent energy import Un		VAh
28	Rf	Apparent energy export Un		VAh
29	Ri	Number of power failures in any phase
30	Ri	Number of long power failures in any phase
31	RWf	Time threshold for long power failure		s
32	Rf	Duration of last long power failure in any phase		s
33	RWf	Threshold for missing voltage (voltage cut)		V
34	RWf	Time threshold for voltage cut		s
35	Rb	Voltage cut
36	Ri	L1 Meter Instance
37	Ri	L2 Meter Instance
38	Ri	L3 Meter Instance
39	RWf	Low power factor threshold
40	Rb	Low power factor
41	Rb	Excessive load
42	Rb	Unexpected load
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3423	1.0	1.0	ext	m	Gas meter
1	Rf!	Cumulated gas volume		m3
2	E	Cumulated gas meter value reset
3	RWs	Type of meter
4	Ri	Cumulated pulse value
5	E	Cumulated pulse value reset
6	RWi	Pulse ratio
7	Rf	Minimum flow rate		m3/s
8	Rf	Maximum flow rate		m3/s
9	Rb	Leak suspected
10	Rb	Leak detected
11	Rb	High temperature
@3423	1.1	1.0	ext:	m	Gas meter
1	Rf!	Cumulated gas volume		m3
2	E	Cumulated gas meter value reset
3	RWs	Type of meter
4	Ri	Cumulated pulse value
5	E	Cumulated pulse value reset
6	RWi	Pulse ratio
7	Rf	Minimum flow rate		m3/s
8	Rf	Maximum flow rate		m3/s
9	Rb	Leak suspected
10	Rb	Leak detected
11	Rb	High temperature
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3424	1.0	1.0	ext	m	Water meter
1	Rf!	Cumulated water volume		m3
2	E	Cumulated water meter value reset
3	RWs	Type of meter
4	Ri	Cumulated pulse value
5	E	Cumulated pulse value reset
6	RWi	Pulse ratio
7	Rf	Minimum flow rate		m3/s
8	Rf	Maximum flow rate		m3/s
9	Rb	Leak suspected
10	Rb	Leak detected
11	Rb	Back flow detected
12	Rb	Blocked meter
13	Rb	Fraud detected
@3424	1.1	1.0	ext:	m	Water meter
1	Rf!	Cumulated water volume		m3
2	E	Cumulated water meter value reset
3	RWs	Type of meter
4	Ri	Cumulated pulse value
5	E	Cumulated pulse value reset
6	RWi	Pulse ratio
7	Rf	Minimum flow rate		m3/s
8	Rf	Maximum flow rate		m3/s
9	Rb	Leak suspected
10	Rb	Leak detected
11	Rb	Back flow detected
12	Rb	Blocked meter
13	Rb	Fraud detected
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3425	1.0	1.0	ext	m	Irrigation valve
1	RWi	Default status	0..100	/100
2	Ri	Status	0..100	/100
3	RWi	Command	0..100	/100
4	Ri	Command in action	0..100	/100
5	RWim	Scheduler ID
6	Rb	Invalid scheduler
@3425	1.1	1.0	ext:	m	Irrigation valve
1	RWi	Default status	0..100	/100
2	Ri	Status	0..100	/100
3	RWi	Command	0..100	/100
4	Ri	Command in action	0..100	/100
5	RWim	Scheduler ID
6	Rb	Invalid scheduler
5518	Rt	Timestamp
6050	Rf	Fractional Timestamp	0..1	s
@3426	1.0	1.0	ext	m	Water quality sensor
1	Rf	pH
2	Rf	Chlorine		ppm
3	Rf	Redox or ORP		V
4	Rf	Total dissolved gas or TDG		ppm
5	Rf	Dissolved oxygen		ppm
6	Rf	Turbidity		NTU
7	Rf	Conductivity		S/m
8	Rf	Conductance		S/m
9	Rf	Total suspended solids		mg/l
10	Rf	Total dissolved solids		mg/l
11	Rf	Salinity		ppt
12	Rf	NO3		mg/l
13	Rf	NH3		mg/l
14	Rf	NH4		mg/l
@3426	1.1	1.0	ext:	m	Water quality sensor
1	Rf	pH
2	Rf	Chlorine		ppm
3	Rf	Redox or ORP		V
4	Rf	Total dissolved gas or TDG		ppm
5	Rf	Dissolved oxygen		ppm
6	Rf	Turbidity		NTU
7	Rf	Conductivity		S/m
8	Rf	Conductance		S/m
9	Rf	Total suspended solids		mg/l
10	Rf	Total dissolved solids		mg/l
11	Rf	Salinity		ppt
12	Rf	NO3		mg/l
13	Rf	NH3		mg/l
14	Rf	NH4		mg/l
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3427	1.0	1.0	ext	m	Pressure monitoring sensor
1	Rf!	Pressure		Pa
2	RWi	Sampling period		s
3	Rb	Leak detected
4	Rb	Hammer effect detected
5	Rf	Minimum measured pressure value		Pa
6	Rf	Maximum measured pressure value		Pa
7	Rf	Minimum range pressure value		Pa
8	Rf	Maximum range pressure value		Pa
9	E	Reset min and max measured pressure values
@3427	1.1	1.0	ext:	m	Pressure monitoring sensor
1	Rf!	Pressure		Pa
2	RWi	Sampling period		s
3	Rb	Leak detected
4	Rb	Hammer effect detected
5	Rf	Minimum measured pressure value		Pa
6	Rf	Maximum measured pressure value		Pa
7	Rf	Minimum range pressure value		Pa
8	Rf	Maximum range pressure value		Pa
9	E	Reset min and max measured pressure values
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3428	1.0	1.0	ext	m	Air quality
1	Rf	PM10		ug/m3
2	Rf	PM10 24 hour average		ug/m3
3	Rf	PM2.5		ug/m3
4	Rf	PM2.5 24 hour average		ug/m3
5	Rf	PM1		ug/m3
6	Rf	PM1 24 hour average		ug/m3
7	Rf	CO		ppm
8	Rf	CO 8 hour average		ppm
9	Rf	SO2		ppm
10	Rf	SO2 1 hour average		ppm
11	Rf	SO2 24 hour average		ppm
12	Rf	O3		ppm
13	Rf	O3 1 hour average		ppm
14	Rf	O3 8 hour average		ppm
15	Rf	NO2		ppm
16	Rf	NO2 1 hour average		ppm
17	Rf	CO2		ppm
18	Rf	CO2 1 hour average		ppm
19	Rf	NO		ppm
20	Rf	NO 1 hour average		ppm
21	Rf	H2S		ppm
22	Rf	H2S 1 hour average		ppm
@3428	2.0	1.0	ext:	m	Air quality
1	Rf	PM10		ug/m3
2	Rf	PM10 24 hour average		ug/m3
3	Rf	PM2.5		ug/m3
4	Rf	PM2.5 24 hour average		ug/m3
5	Rf	PM1		ug/m3
6	Rf	PM1 24 hour average		ug/m3
7	Rf	CO		ppm
8	Rf	CO 8 hour average		ppm
9	Rf	SO2		ppm
10	Rf	SO2 1 hour average		ppm
11	Rf	SO2 24 hour average		ppm
12	Rf	O3		ppm
13	Rf	O3 1 hour average		ppm
14	Rf	O3 8 hour average		ppm
15	Rf	NO2		ppm
16	Rf	NO2 1 hour average		ppm
17	Rf	CO2		ppm
18	Rf	CO2 1 hour average		ppm
19	Rf	NO		ppm
20	Rf	NO 1 hour average		ppm
21	Rf	H2S		ppm
22	Rf	H2S 1 hour average		ppm
23	Rf	VOC		ppm
24	Rf	VOC 1 hour average		ppm
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3429	1.0	1.0	ext	m	Tilt sensor
1	Rf!	Angle		rad
2	Rf	Minimum measured Angle		rad
3	Rf	Maximum measured angle		rad
4	E	Reset min max angles
5	RWf	Out of position threshold		rad
6	Rb	Out of position
@3429	1.1	1.0	ext:	m	Tilt sensor
1	Rf!	Angle		rad
2	Rf	Minimum measured Angle		rad
3	Rf	Maximum measured angle		rad
4	E	Reset min max angles
5	RWf	Out of position threshold		rad
6	Rb	Out of position
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3430	1.0	1.0	ext		Global Navigation Satellite System
0	Rt!	Fix timestamp		s
1	Rf!	Latitude		lat
2	Rf!	Longitude		lon
3	Rf	Altitude		m
4	Ri	Speed		m/s
5	Rf	Heading		deg
6	Rf	Radius		m
7	Rf	HDOP
8	Rf	VDOP
9	Rf	Estimated horizontal accuracy		m
10	Rf	Estimated vertical accuracy		m
11	Rf	Estimated speed accuracy		m/s
12	Rf	Estimated heading accuracy		deg
13	Ri	Fix type
14	Ri	Fix dimension
15	Ri	Used satellites
16	Ri	Visible satellites
17	Rsm	Satellite identifiers
18	Rfm	Satellite identifiers		deg
19	Rfm	Satellite azimuth		deg
20	Rb	Almanac
21	Rbm	Ephemeris
22	Rfm	Signal-to-noise ratio		dB
23	Rim	GNSS
24	Rt	Hardware RTC		s
25	RWb	Assisted GPS
26	RWb	Power command
27	Rf	PDOP
28	Rs!	Status
@3430	2.0	1.0	ext:		Global Navigation Satellite System
0	Rt!	Fix timestamp		s
1	Rf!	Latitude		lat
2	Rf!	Longitude		lon
3	Rf	Altitude		m
4	Ri	Speed		m/s
5	Rf	Heading		deg
6	Rf	Radius		m
7	Rf	HDOP
8	Rf	VDOP
9	Rf	Estimated horizontal accuracy		m
10	Rf	Estimated vertical accuracy		m
11	Rf	Estimated speed accuracy		m/s
12	Rf	Estimated heading accuracy		deg
13	Ri	Fix type
14	Ri	Fix dimension
15	Ri	Used satellites
16	Ri	Visible satellites
17	Rsm	Satellite identifiers
18	Rfm	Satellite identifiers		deg
19	Rfm	Satellite azimuth		deg
20	Rb	Almanac
21	Rbm	Ephemeris
22	Rfm	Signal-to-noise ratio		dB
23	Rim	GNSS
24	Rt	Hardware RTC		s
25	RWb	Assisted GPS
26	RWb	Power command
27	Rf	PDOP
28	Rs!	Status
29	RWf	Expected latitude		lat
30	RWf	Expected longitude		lon
31	RWf	Expected altitude		m
32	RWf	Expected location threshold		m
33	Rb	Out of position
34	RWf	Assisted latitude		lat
35	RWf	Assisted longitude		lon
36	RWf	Assisted altitude		m
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3431	1.0	1.0	ext	m	Parking Sensor
1	Rb!	Occupancy
2	Ri	Duration		s
3	Ri	Daily Duration		s
4	Rb	Forbidden parking detected
5	RWs	Type of Sensor
@3431	1.1	1.0	ext:	m	Parking Sensor
1	Rb!	Occupancy
2	Ri	Duration		s
3	Ri	Daily Duration		s
4	Rb	Forbidden parking detected
5	RWs	Type of Sensor
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3432	1.0	1.0	ext	m	Traffic Counter
1	Ri	Cumulated number
2	E	Reset cumulated number
3	Ri!	Cumulated number today
4	RWi	Measuring period 1		s
5	RWi	Measuring period 2		s
6	RWi	Measuring period 3		s
7	Ri	Cumulated number during last period 1
8	Ri	Cumulated number during last period 2
9	Ri	Cumulated number during last period 3
10	Ri	Average speed during last period 1
11	Ri	Average speed during last period 2
12	Ri	Average speed during last period 3
13	Ri	Average distance during last period 1
14	Ri	Average distance during last period 2
15	Ri	Average distance during last period 3
16	RWi	Speed limit threshold
17	Ri	Percentage above speed limit
@3432	2.0	1.0	ext:	m	Traffic Counter
0	Rim	Vehicle type
1	Rim	Cumulated number
2	E	Reset cumulated number
3	Rim!	Cumulated number today
4	RWim	Measuring period 1		s
5	RWim	Measuring period 2		s
6	RWim	Measuring period 3		s
7	Rim	Cumulated number during last period 1
8	Rim	Cumulated number during last period 2
9	Rim	Cumulated number during last period 3
10	Rim	Average speed during last period 1
11	Rim	Average speed during last period 2
12	Rim	Average speed during last period 3
13	Rim	Average distance during last period 1
14	Rim	Average distance during last period 2
15	Rim	Average distance during last period 3
16	RWim	Speed limit threshold
17	Rim	Percentage above speed limit
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3433	1.0	1.0	ext	m	Noise sensor
1	Rb	Gunshot detected
2	Rb	Abnormal noise detected
3	Rf!	Sensor Value
4	Rf	Minimum measured value		dB
5	Rf	Maximum measured value		dB
6	Rf	Minimum range value		dB
7	Rf	Maximum range value		dB
8	E	Reset min and max values
@3433	1.1	1.0	ext:	m	Noise sensor
1	Rb	Gunshot detected
2	Rb	Abnormal noise detected
3	Rf!	Sensor Value
4	Rf	Minimum measured value		dB
5	Rf	Maximum measured value		dB
6	Rf	Minimum range value		dB
7	Rf	Maximum range value		dB
8	E	Reset min and max values
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3434	1.0	1.0	ext	m	People counter
1	Ri!	Actual number of persons
2	Ri	Daily number of persons
3	Ri	Cumulated number of persons
4	E	Reset of cumulated number
5	Ri	Daily number of passages
6	Ri	Cumulated number of passages
7	E	Reset of cumulated number of passages
8	RWs	Type of sensor
@3434	1.1	1.0	ext:	m	People counter
1	Ri!	Actual number of persons
2	Ri	Daily number of persons
3	Ri	Cumulated number of persons
4	E	Reset of cumulated number
5	Ri	Daily number of passages
6	Ri	Cumulated number of passages
7	E	Reset of cumulated number of passages
8	RWs	Type of sensor
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3435	1.0	1.0	ext	m	Filling level
1	RWi	Container height		cm
2	Rf!	Actual filling percentage		/100
3	Ri	Actual filling level		cm
4	RWf	High threshold		/100
5	Rb!	Container full
6	RWf	Low threshold		/100
7	Rb!	Container empty
8	Rf	Average filling speed		/100
9	E	Average filling speed reset
10	Rt	Forecast full date
11	Rt	Forecast empty date
12	Rb	Container out of location
13	Rb	Container out of position
@3435	2.0	1.0	ext:	m	Filling level
1	RWi	Container height		cm
2	Rf!	Actual filling percentage		/100
3	Ri	Actual filling level		cm
4	RWf	High threshold		/100
5	Rb!	Container full
6	RWf	Low threshold		/100
7	Rb!	Container empty
8	Rf	Average filling speed		/100
9	E	Average filling speed reset
10	Rt	Forecast full date
11	Rt	Forecast empty date
12	Rb	Container out of location
13	Rb	Container out of position
14	RWi	Container width		cm
15	RWs	Container installation type		cm
16	RWf	Container volume max		m3
17	RWs	Filling sensor position
18	RWs	Type of materials
19	Ri	Filling operations counter
20	E	Reset filling operations counter
21	Rb	Cover open
22	Rb	Temperature alarm
23	Rb	Water infiltration alarm
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3436	1.0	1.0	ext		Edge computing manager
1	Ri	Max number of scripts
2	Ri	Number of free slots for scripts
3	Ri	Max number of conditions
4	Ri	Number of free slots for conditions
5	Rs	Edge-computing capabilities
@3437	1.0	1.0	ext	m	Edge computing script
1	RWs	Name
2	RWs	Signature
3	RWs	Version
4	RWo!	Script
5	RWs	Script format
6	Rb	Non supported script
7	Rb	Non authorized script
@3438	1.0	1.0	ext	m	Edge computing time condition
1	RWs!	Execution time/day
2	RWsm!	Script identifier
3	Rb	Non supported time condition
@3439	1.0	1.0	ext	m	Edge computing generic condition
1	RWo	Vendor condition
2	RWsm!	Script identifier
3	Rb	Non supported time condition
@3441	1.0	1.0	ext	m	LwM2M v1.0 Test Object
0	E	Reset values
1	E	Randomize values
2	E	Clear values
3	E	Exec With Arguments
4	Rsm	Arguments List
110	RWs	String Value
120	RWi	Integer Value
130	RWf	Float Value
140	RWb	Boolean Value
150	RWo	Opaque Value
160	RWt	Time Value
170	RWl	ObjLink Value
1110	RWsm	Multiple String Value
1120	RWim	Multiple Integer Value
1130	RWfm	Multiple Float Value
1140	RWbm	Multiple Boolean Value
1150	RWom	Multiple Opaque Value
1160	RWtm	Multiple Time Value
1170	RWlm	Multiple ObjLink Value
@3442	1.0	1.1	ext	m	LwM2M v1.1 Test Object
0	E	Reset values
1	E	Randomize values
2	E	Clear values
3	E	Exec With Arguments
4	Rsm	Arguments List
5	E	Send Data
6	RWsm	Resources to Send
110	RWs	String Value
120	RWi	Integer Value
125	RWu	Unsigned Integer Value
130	RWf	Float Value
140	RWb	Boolean Value
150	RWo	Opaque Value
160	RWt	Time Value
170	RWl	ObjLink Value
180	RWc	CoreLnk Value
1110	RWsm	Multiple String Value
1120	RWim	Multiple Integer Value
1125	RWum	Multiple Unsigned Integer Value
1130	RWfm	Multiple Float Value
1140	RWbm	Multiple Boolean Value
1150	RWom	Multiple Opaque Value
1160	RWtm	Multiple Time Value
1170	RWlm	Multiple ObjLink Value
1180	RWcm	Multiple CoreLnk Value
@3443	1.0	1.0	ext		eSIM IoT
0	Ri!	State
1	Rs!	EID
2	Wo!	eIM message
3	Ro!	IPA message
4	E!	Clear IPA message
@3445	1.0	1.0	ext	m	Stream Gauge
1	Rf!	Water Level		m
2	Rf	Volumetric discharge		m3
3	RWs	Type of meter
4	Ri	Status	0..255
5	E	Alarm Counter Reset
6	RWf	Threshold A		m
7	Rb	Alarm A
8	Ri	Alarm A Counter
9	RWf	Threshold B		m
10	Rb	Alarm B
11	Ri	Alarm B Counter
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3446	1.0	1.0	ext	m	Rain Gauge
1	Rf!	Cumulated water value		mm
2	E	Cumulated water value reset
3	Rt	Time of last reset		s
4	RWs	Type of meter
5	Ri	Status	0..255
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3447	1.0	1.0	ext		LPWAN Mesh Connectivity
0	Rs!	Network Type
1	RWi!	Device class
2	Rf!	Operating Frequency		MHz
3	Ri!	Status
4	Rs	Connection Errors
5	Rt	Last Error timestamp
6	Ri	Error Counter
7	E	Error Counter Reset
8	RWf	Transmit Power		dBm
9	RWf	Data Rate		bit/s
10	RWs	Operation Mode
11	RWi	Operating Channel
12	RWi	Channel Hopping Function
13	RWs	Available Channels
14	RWs	Unicast Channel Plan
15	RWs	Broadcast Channel Plan
16	RWb	FEC
17	RWb	Data Whitening
18	RWs	Cipher Suite
19	RWim	PAN Identifier
20	RWs	Network Name
21	Ri	Node Rank
22	Rsm	Root Address
23	Rsm	Parent Address
24	RWs!	Physical interface
25	RWsm	Logical Address
26	RWsm	IP Address
27	RWsm	Multicast Group Address
28	RWom	Multicast group key
29	Rf	Signal to noise ratio		dB
30	Rf	Received Signal Strength Indication		dBm
31	Rf	Noise Floor		dBm
34	RWi	Maximum repeat time
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3448	1.0	1.0	ext		LPWAN Mesh Statistics
1	Ri	Tx Packets Total
2	Ri	Tx Success on single Retry
3	Ri	Tx Success on Multi Retry
4	Ri	Tx Discarded packets
5	Ri	TX CCA failures
6	Ri	Tx ACK failure
7	Ri	Rx Packets Total
8	Ri	Rx Discarded Packets
9	Ri	Rx Malformed Packets
10	Ri	Rx Unsecure Packets
11	Ri	Rx duplicate Packets
12	Ri	Beacon Frames Sent
13	Ri	Beacon Frames Received
14	Ri	Ack Frames Sent
15	Ri	Ack Frames Received
16	Ri	Command Frames Sent
17	Ri	Command Frames Received
18	Ri	Data Frames Sent
19	Ri	Data Frames Received
20	Ri	Data Bytes Sent
21	Ri	Data Bytes Received
22	Ri	Unicast Packets Sent
23	Ri	Unicast Packets Received
24	Ri	Multicast Packets Sent
25	Ri	Multicast Packets Received
26	Ri	Broadcast Packets Sent
27	Ri	Broadcast Packets Received
28	E!	Start
29	E	Stop
5518	Rt	Timestamp
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3449	1.0	1.0	ext	m	Anemometer
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5705	Rf!	Compass Direction	0..360	deg
5750	RWs	Application Type
5751	Rs	Sensor Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3450	1.0	1.0	ext	m	Wet Bulb Globe Temperature
1	Ri	Estimation type
2	Rf	Estimated Value		Cel
3	RWf	WBGT Threshold		Cel
4	Rb	WBGT Alarm
5	Ri	WBGT Alarm Counter
6	E	WBGT Alarm Counter Reset
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5750	RWs	Application Type
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@3451	1.0	1.0	ext	m	Roll over sensor
1	Rf!	Angle		rad
2	Rf	Minimum measured Angle		rad
3	Rf	Maximum measured angle		rad
4	E	Reset min max angles
5	RWf	Out of position threshold		rad
6	Rb	Out of position
5518	Rt	Timestamp
6050	Rf	Fractional Timestamp	0..1	s
@3452	1.0	1.0	ext	m!	Program Scheduler
0	RWs	Schedule Name
1	RWb!	State
2	RWi!	Priority
3	RWim	Calendar Rules
4	RWi!	Program Function
5	RWsm	Input Sources
6	RWsm!	Output Instances
7	RWsm!	Output Targets
8	RWb	Compound Operation
9	RWb	Off when inactive
@3453	1.0	1.0	ext	m	Calendar Rule
0	RWs	Calendar Name
1	RWi	Calendar Type
2	RWsm	Start Date
3	RWsm	End Date
4	RWs	Date Rule
5	Rb	Calendar Active
@3454	1.0	1.0	ext	m!	Program Function
0	RWs	Function Name
1	RWsm	Run Condition
3	RWim	Output Filter
4	RWsm!	Time Input Array
5	RWsm!	Time Output Array
6	RWsm	Single Sensor Input Array
7	RWsm	Multi Sensor Input Array
8	RWsm	Sensor Output Array
9	RWsm	Output Filter for Time Output
10	RWsm	Output Filter for Sensor Output
@3455	1.0	1.0	ext	m	Input Filter
0	Rs	Input State
1	RWsm	Input Source
2	RWi	Data Type
3	RWf	Evaluation Interval		s
4	RWf	Step Filter
5903	RWi	Busy to Clear delay		ms
5904	RWi	Clear to Busy delay		ms
@3456	1.0	1.0	ext	m	Output Filter
0	RWi!	Operation
1	RWf	Delay		s
2	RWi	Transaction
3	RWf	Expiration Time
@3457	1.0	1.0	ext	!	Program Manager
0	RWi!	Max number of Program Schedulers
1	Ri!	Current number of Program Schedulers
2	RWi!	Max number of Program Functions
3	Ri!	Current number of Program Functions
4	RWi!	Max number of Calendars
5	Ri!	Current number of Calendar
6	RWi!	Max number of Actuators
7	RWi	Max number of Input Sources
8	RWi	Max number of Dates in Calendar
9	RWi!	Max Flash Memory Allocated		B
10	Ri	Flash Memory Free		B
11	Ri!	Error Conditions
12	E	Clear errors
13	Ri	Supported Capabilities
14	RWi	Max Dynamic Memory Allocated		B
15	Ri	Dynamic Memory Free		B
16	E	Reset schedule objects
@3458	1.0	1.0	ext	m	Program Monitor
0	Rs!	Program Name
1	Ri!	Status
2	Ri!	Error Conditions
3	E	Clear errors
4	Ri	Evaluation Counter
5	Ri	Execution Counter
6	E	Counter Reset
7	Rt	Last Execution
8	Rsm	Last Control Output
@3459	1.0	1.0	ext	m	Distributed Sensor Group
0	Rf	Group State
1	Rt	Most recent group activity
2	Rs	Most recent Sensor Notification
3	Ri	Most recent Sensor Publisher ID
4	RWs	Group Address
5	RWs	Group ID
6	RWi	Shared Sensor information
7	RWs	Quality of service
8	RWi	Hop Limit
9	RWi	Broadcast Criteria
10	RWi	Min Broadcast Period		s
11	RWi	Max Broadcast Period		s
12	RWf	Publisher Step interval
13	RWf	Min Threshold
14	RWf	Max Threshold
15	RWi	Auto Clear Validity Time		s
16	RWf	Auto Clear Default Value
17	RWi	Data Fusion Operation
18	RWb	Remote Sensors Dynamic Mapping
19	RWb	Remote Sensors Implicit Mapping
20	RWsm	Local Sensor State URI
21	RWim	Local Sensor Publisher ID
22	RWsm	Remote Sensor State URI
23	Rs	Group Log
24	RWs	Group Description
@3460	1.0	1.0	ext		Distributed Sensor Message
0	Ri!	Group ID
1	Rt!	Publishing timestamp
2	Rs!	Publisher State URI
3	Ri	Publisher ID
4	Ri	Auto Clear Validity Time		s
5	Rf	Auto Clear Default Value
@3461	1.0	1.0	ext		Sensor Group Device Capabilities
1	Ri	Remote Sensor Management capabilities
2	Ri	Max number of explicit sensors
3	Ri	Max number of implicit sensors
4	Ri	Data Fusion Capabilities
5	E	Reset DSG objects
@10241	1.0	1.0	x	m	HostDeviceInfo
5905	Rsm!	Host Device Manufacturer
5906	Rsm!	Host Device Model Number
5907	Rsm!	Host Device Unique ID
5908	Rsm!	Host Device Software Version
@10242	1.0	1.0	x	m	3-Phase Power Meter
0	Rs	Manufacturer
1	Rs	Model Number
2	Rs	Serial Number
3	Rs	Description
4	Rf!	Tension R		V
5	Rf!	Current R		A
6	Rf	Active Power R		kW
7	Rf	Reactive Power R		kvar
8	Rf	Inductive Reactive Power R		kvar
9	Rf	Capacitive Reactive Power R		kvar
10	Rf	Apparent Power R		kVA
11	Rf	Power Factor R	-1..1
12	Rf	THD-V R		/100
13	Rf	THD-A R		/100
14	Rf!	Tension S		V
15	Rf!	Current S		A
16	Rf	Active Power S		kW
17	Rf	Reactive Power S		kvar
18	Rf	Inductive Reactive Power S		kvar
19	Rf	Capacitive Reactive Power S		kvar
20	Rf	Apparent Power S		kVA
21	Rf	Power Factor S	-1..1
22	Rf	THD-V S		/100
23	Rf	THD-A S		/100
24	Rf!	Tension T		V
25	Rf!	Current T		A
26	Rf	Active Power T		kW
27	Rf	Reactive Power T		kvar
28	Rf	Inductive Reactive Power T		kvar
29	Rf	Capacitive Reactive Power T		kvar
30	Rf	Apparent Power T		kVA
31	Rf	Power Factor T	-1..1
32	Rf	THD-V T		/100
33	Rf	THD-A T		/100
34	Rf	3-Phase Active Power		kW
35	Rf	3-Phase Reactive Power		kvar
36	Rf	3-Phase Inductive Reactive Power		kvar
37	Rf	3-Phase Capacitive Reactive Power		kvar
38	Rf	3-Phase Apparent Power		kVA
39	Rf	3-Phase Power Factor	-1..1
40	Rf	3-Phase phi cosine	-1..1
41	Rf	Active Energy		kWh
42	Rf	Reactive Energy		kvarh
43	Rf	Inductive Reactive Energy		kvarh
44	Rf	Capacitive Reactive Energy		kvarh
45	Rf	Apparent Energy		kVAh
46	Rf	Tension R-S		V
47	Rf	Tension S-T		V
48	Rf	Tension T-R		V
49	Rf	Frequency		Hz
50	Rf	Neutral Current		A
@10243	1.0	1.0	x	m	Single-Phase Power Meter
0	Rs	Manufacturer
1	Rs	Model Number
2	Rs	Serial Number
3	Rs	Description
4	Rs!	Tension		V
5	Rf!	Current		A
6	Rf	Active Power		kW
7	Rf	Reactive Power		kvar
8	Rf	Inductive Reactive Power		kvar
9	Rf	Capacitive Reactive Power		kvar
10	Rf	Apparent Power		kVA
11	Rf	Power Factor	-1..1
12	Rf	THD-V		/100
13	Rf	THD-A		/100
14	Rf	Active Energy		kWh
15	Rf	Reactive Energy		kvarh
16	Rf	Apparent Energy		kVAh
17	Rf	Frequency		Hz
@10243	2.0	1.0	x:	m	Single-Phase Power Meter
0	Rs	Manufacturer
1	Rs	Model Number
2	Rs	Serial Number
3	Rs	Description
4	Rf!	Tension		V
5	Rf!	Current		A
6	Rf	Active Power		kW
7	Rf	Reactive Power		kvar
8	Rf	Inductive Reactive Power		kvar
9	Rf	Capacitive Reactive Power		kvar
10	Rf	Apparent Power		kVA
11	Rf	Power Factor	-1..1
12	Rf	THD-V		/100
13	Rf	THD-A		/100
14	Rf	Active Energy		kWh
15	Rf	Reactive Energy		kvarh
16	Rf	Apparent Energy		kVAh
17	Rf	Frequency		Hz
@10244	1.0	1.0	x		VehicleControlUnit
0	Ri!	Vehicle UI State	0..15
1	Ri!	Vehicle Speed		km/h
2	Ri!	Vehicle Shift Status	0..3
3	Ri!	Vehicle AP Position	0..100	/100
4	Rf	Vehicle Power		kW
5	Rf	Vehicle Drive Energy		Wh
6	Rf	Vehicle Energy Consumption Efficiency		Wh/km
7	Ri	Vehicle Estimated Mileage		km
8	Rb!	Vehicle Charge Cable Status
9	Ri!	Vehicle Charge Status	0..15
10	Rf!	Vehicle Charge Voltage		V
11	Rf!	Vehicle Charge Current		A
12	Ri!	Vehicle Charge Remaining Time		min
13	Rf!	Battery Pack Voltage		V
14	Rf!	Battery Pack Current		A
15	Ri!	Battery Pack Remaining Capacity		Ah
16	Ri!	Battery Pack SOC	0..100	/100
17	Ri!	Battery Pack SOH	0..100	/100
18	Ri!	Battery Cell MinVolt		mV
19	Ri!	Battery Cell MaxVolt		mV
20	Ri!	Battery Module MinTemp		Cel
21	Ri!	Battery Module MaxTemp		Cel
22	Rb!	Battery Connection Status
24	Ri!	MCU Voltage		V
25	Ri!	MCU Temperature		Cel
26	Ri!	Motor Speed		1/min
27	Ri!	Motor Temperature		Cel
28	Rb	Motor OT Warning
29	Rb	MCU OT Warning
30	Rb	Battery Pack OT Warning
31	Rb	MCU fault
32	Rb	Motor Error
@10245	1.0	1.0	x		Relay Management
0	Rb!	eNB Availability
1	Rb!	GPS Status
2	Ri	Orientation	-180..180	deg
3	RWi!	eNB EARFCN	0..65535
4	RWi!	eNB Bandwidth	5, 10, 15, 20
5	RWi!	Backhaul Primary EARFCN	0..65535
6	RWim!	Backhaul Secondary EARFCN	0..65535
7	RWi!	Cumulative Measurement Window	0..65535	s
8	Ri!	eNB ECI	0..268435455
9	RWb!	eNB Status
10	E!	Enable eNB
11	RWi!	eNB Maximum Power	0..63	dBm
12	RWi!	Backhaul Primary q-OffsetFreq	-24..24	dB
13	RWim!	Backhaul Secondary q-OffsetFreq	-24..24	dB
14	RWim!	Neighbour CrowdBox EARFCN	0..66635
15	RWim!	Neighbour CrowdBox q-OffsetFreq	-24..24	dB
16	RWi!	Serving Macro eNB cellIndividualOffset	-24..24	dB
@10246	1.0	1.0	x		CrowdBox Measurements
0	Ri!	Serving Cell ID	0..4294967295
1	Ri!	Serving Cell RSRP	0..97
2	Ri!	Serving Cell RSRQ	-30..46
3	Ri!	Serving Cell SINR	-10..30	dB
4	Ri	Cumulative Backhaul Timing Advance	0..65535
5	Rlm!	Neighbour Cell Report
@10247	1.0	1.0	x	m	Neighbour Cell Report
0	Ri!	Neighbour PCI	0..503
1	Ri	Neighbour Cell ID	0..4294967295
2	Ri!	Neighbour Cell Rank	0..255
3	Ri!	Neighbour Cell RSRP	0..97
4	Ri!	Neighbour Cell RSRQ	-30..46
@10248	1.0	1.0	x		Connected UE Measurements
0	Ri!	Number of Connected Users	0..255
1	Ri!	Cumulative Number of Unique Users	0..65535
2	Rlm!	Connected UE Report
@10249	1.0	1.0	x	m	Connected UE Report
0	Ri!	Connected User MMEC	0..255
1	Ri!	Connected User M-TMSI	0..4294967295
2	Ri!	Serving Cell (CrowdBox) eNB RSRP	0..97
3	Ri!	Serving Cell (CrowdBox) eNB RSRQ	-30..46
4	Ri	Cumulative Timing Advance per Connected User	0..65535
5	Ri!	Last downlink CQI report per Connected User	0..255
6	Ri!	Cumulative Downlink Throughput per Connected User	0..4294967295	B
7	Ri!	Cumulative Uplink Throughput per Connected User	0..4294967295	B
8	Rlm!	Neighbour Cell Report
@10250	1.0	1.0	x		App Data Container
0	Ro!	UL data
1	Wo!	DL data
@10251	1.0	1.0	x	m	AT Command
0	RWs!	Command
1	Rsm!	Response
2	Rsm!	Status
3	RWi	Timeout
4	E!	Run
@10252	1.0	1.0	x		Manifest
1	Wo!	Manifest
2	Ri!	State	0..8
3	Ri!	Manifest Result	0..19
4	Ro!	Payload Result
5	Ro!	Asset Hash
6	Ri!	Manifest version
7	Ri!	Asset Installation Progress
8	RWs!	Campaign Id
9	E!	Manual Trigger
@10253	1.0	1.0	x		Confidential Data
0	RWo!	Public Key
1	Ro!	Application Data
@10254	1.0	1.0	x:	m	Current Loop Input
0	Rf!	Current Loop Input Current Value	0; 3.8..20.5	mA
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@10255	1.0	1.0	x		Device Metadata
0	Ri!	Protocol supported
1	Ro!	Bootloader hash
2	Ro!	OEM bootloader hash
3	Rs!	Vendor
4	Rs!	Class
5	Rs!	Device
@10256	1.0	1.0	x	m	ECID-Signal Measurement Information
0	Ri!	physCellId
1	Ri	ECGI
2	Ri!	arfcnEUTRA
3	Ri!	rsrp-Result
4	Ri	rsrq-Result
5	Ri	ue-RxTxTimeDiff
@10257	1.0	1.0	x	m	Heat / Cooling meter
0	Rs	Manufacturer
1	Rs	Model Number
2	Rs	Serial Number
3	Rs	Description
11	Rim	Error code
12	Rf	Flow temperature		Cel
13	Rf	Max Measured flow temperature		Cel
14	Rf	Return temperature		Cel
15	Rf	Max Measured return temperature		Cel
16	Rf	Temperature difference		K
17	Rf	Flow rate		m3/s
18	Rf	Max Measured flow		m3/s
20	Rf	Flow volume		m3
21	Rf	Return volume		m3
5506	RWt	Current Time
5800	Rf	Instantaneous active power		W
5802	Rfm!	Max Measured active power		W
5805	Rf	Cumulative active power		Wh
@10258	1.0	1.0	x	m	Current Loop Output
0	RWf!	Current Loop Output Current Value	3.8..20.5	mA
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@10259	1.0	1.0	x	m	System Log
0	Rs!	Name
1	Rs!	Read All
2	Rs	Read
3	RWb	Enabled
4	RWi	Capture Level
@10260	1.0	1.0	x	m	Runtime Database
0	RWs!	Key
1	RWs!	Value
2	RWb!	Persistent
3	E!	Unset
@10260	2.0	1.0	x:	m	RDB
0	RWs!	Key
1	RWs	Value
2	RWb	Exists
3	RWb	Persistent
@10262	1.0	1.0	x	m	Interval Data Delivery
0	RWs!	Name
1	RWlm!	Interval Data Links
2	Rom!	Latest Payload
3	RWl	Schedule
@10263	1.0	1.0	x	m	Event Data Delivery
0	RWs!	Name
1	RWlm!	Event Data Links
2	Rom!	Latest Eventlog
3	RWl!	Schedule
@10264	1.0	1.0	x	m	Delivery Schedule
0	RWi!	Schedule Start Time
1	RWs!	Schedule UTC Offset
2	RWi!	Delivery Frequency
3	RWi	Randomised Delivery Window
4	RWi	Number of Retries
5	RWi	Retry Period
@10265	1.0	1.0	x		Leakage Detection Configuration
0	RWim!	Sample Times
1	RWs	Sample UTC Offset
2	RWi!	Detection Mode	0..3
3	RWi	Top Frequency Count
4	RWim	Frequency Thresholds	0..999
5	Rim	Frequency Values
7	Rs!	Firmware Version
@10266	1.0	1.0	x	m	Water Flow Readings
6000	Ri!	Interval Period	1..864000	s
6001	Ri	Interval Start Offset	0..86399	s
6002	Rs	Interval UTC Offset
6003	Rt!	Interval Collection Start Time
6004	Rt!	Oldest Recorded Interval
6005	RWt	Last Delivered Interval
6006	Rt!	Latest Recorded Interval
6007	RWb!	Interval Delivery Midnight Aligned
6008	E	Interval Historical Read
6009	Ro	Interval Historical Read Payload
6010	E	Interval Change Configuration
6026	E	Start
6027	E	Stop
6028	Ri	Status
6029	Ro!	Latest Payload
@10267	1.0	1.0	x	m	Daily Maximum Flow Rate Readings
6000	Ri!	Interval Period	1..864000	s
6001	Ri	Interval Start Offset	0..86399	s
6002	Rs	Interval UTC Offset
6003	Rt!	Interval Collection Start Time
6004	Rt!	Oldest Recorded Interval
6005	RWt	Last Delivered Interval
6006	Rt!	Latest Recorded Interval
6007	RWb!	Interval Delivery Midnight Aligned
6008	E	Interval Historical Read
6009	Ro	Interval Historical Read Payload
6010	E	Interval Change Configuration
6026	E	Start
6027	E	Stop
6028	Ri	Status
6029	Ro!	Latest Payload
@10268	1.0	1.0	x	m	Temperature Readings
6000	Ri!	Interval Period	1..864000	s
6001	Ri	Interval Start Offset	0..86399	s
6002	Rs	Interval UTC Offset
6003	Rt!	Interval Collection Start Time
6004	Rt!	Oldest Recorded Interval
6005	RWt	Last Delivered Interval
6006	Rt!	Latest Recorded Interval
6007	RWb!	Interval Delivery Midnight Aligned
6008	E	Interval Historical Read
6009	Ro	Interval Historical Read Payload
6010	E	Interval Change Configuration
6026	E	Start
6027	E	Stop
6028	Ri	Status
6029	Ro!	Latest Payload
@10269	1.0	1.0	x	m	Pressure Readings
6000	Ri!	Interval Period	1..864000	s
6001	Ri	Interval Start Offset	0..86399	s
6002	Rs	Interval UTC Offset
6003	Rt!	Interval Collection Start Time
6004	Rt!	Oldest Recorded Interval
6005	RWt	Last Delivered Interval
6006	Rt!	Latest Recorded Interval
6007	RWb!	Interval Delivery Midnight Aligned
6008	E	Interval Historical Read
6009	Ro	Interval Historical Read Payload
6010	E	Interval Change Configuration
6026	E	Start
6027	E	Stop
6028	Ri	Status
6029	Ro!	Latest Payload
@10270	1.0	1.0	x	m	Battery Level Readings
6000	Ri!	Interval Period	1..864000	s
6001	Ri	Interval Start Offset	0..86399	s
6002	Rs	Interval UTC Offset
6003	Rt!	Interval Collection Start Time
6004	Rt!	Oldest Recorded Interval
6005	RWt	Last Delivered Interval
6006	Rt!	Latest Recorded Interval
6007	RWb!	Interval Delivery Midnight Aligned
6008	E	Interval Historical Read
6009	Ro	Interval Historical Read Payload
6010	E	Interval Change Configuration
6026	E	Start
6027	E	Stop
6028	Ri	Status
6029	Ro!	Latest Payload
@10271	1.0	1.0	x	m	Communications Activity Time Readings
6000	Ri!	Interval Period	1..864000	s
6001	Ri	Interval Start Offset	0..86399	s
6002	Rs	Interval UTC Offset
6003	Rt!	Interval Collection Start Time
6004	Rt!	Oldest Recorded Interval
6005	RWt	Last Delivered Interval
6006	Rt!	Latest Recorded Interval
6007	RWb!	Interval Delivery Midnight Aligned
6008	E	Interval Historical Read
6009	Ro	Interval Historical Read Payload
6010	E	Interval Change Configuration
6026	E	Start
6027	E	Stop
6028	Ri	Status
6029	Ro!	Latest Payload
@10272	1.0	1.0	x	m	Water Meter Customer Leakage Alarm
6011	RWi!	Event Type
6012	RWb!	Alarm Realtime
6013	Rb	Alarm State
6014	RWf	Alarm Set Threshold
6015	RWi	Alarm Set Operator
6016	RWf	Alarm Clear Threshold
6017	RWi	Alarm Clear Operator
6018	RWi	Alarm Maximum Event Count
6019	RWi	Alarm Maximum Event Period	1..864000	s
6020	RWt	Latest Delivered Event Time
6021	Rt!	Latest Recorded Event Time
6022	E	Alarm Clear
6023	RWb	Alarm Auto Clear
6024	Ri!	Event Code	100..255
6025	Ro!	Latest Payload
@10273	1.0	1.0	x	m	Water Meter Reverse Flow Alarm
6011	RWi!	Event Type
6012	RWb!	Alarm Realtime
6013	Rb	Alarm State
6014	RWf	Alarm Set Threshold
6015	RWi	Alarm Set Operator
6016	RWf	Alarm Clear Threshold
6017	RWi	Alarm Clear Operator
6018	RWi	Alarm Maximum Event Count
6019	RWi	Alarm Maximum Event Period	1..864000	s
6020	RWt	Latest Delivered Event Time
6021	Rt!	Latest Recorded Event Time
6022	E	Alarm Clear
6023	RWb	Alarm Auto Clear
6024	Ri!	Event Code	100..255
6025	Ro!	Latest Payload
@10274	1.0	1.0	x	m	Water Meter Empty Pipe Alarm
6011	RWi!	Event Type
6012	RWb!	Alarm Realtime
6013	Rb	Alarm State
6014	RWf	Alarm Set Threshold
6015	RWi	Alarm Set Operator
6016	RWf	Alarm Clear Threshold
6017	RWi	Alarm Clear Operator
6018	RWi	Alarm Maximum Event Count
6019	RWi	Alarm Maximum Event Period	1..864000	s
6020	RWt	Latest Delivered Event Time
6021	Rt!	Latest Recorded Event Time
6022	E	Alarm Clear
6023	RWb	Alarm Auto Clear
6024	Ri!	Event Code	100..255
6025	Ro!	Latest Payload
@10275	1.0	1.0	x	m	Water Meter Tamper Alarm
6011	RWi!	Event Type
6012	RWb!	Alarm Realtime
6013	Rb	Alarm State
6014	RWf	Alarm Set Threshold
6015	RWi	Alarm Set Operator
6016	RWf	Alarm Clear Threshold
6017	RWi	Alarm Clear Operator
6018	RWi	Alarm Maximum Event Count
6019	RWi	Alarm Maximum Event Period	1..864000	s
6020	RWt	Latest Delivered Event Time
6021	Rt!	Latest Recorded Event Time
6022	E	Alarm Clear
6023	RWb	Alarm Auto Clear
6024	Ri!	Event Code	100..255
6025	Ro!	Latest Payload
@10276	1.0	1.0	x	m	Water Meter High Pressure Alarm
6011	RWi!	Event Type
6012	RWb!	Alarm Realtime
6013	Rb	Alarm State
6014	RWf	Alarm Set Threshold
6015	RWi	Alarm Set Operator
6016	RWf	Alarm Clear Threshold
6017	RWi	Alarm Clear Operator
6018	RWi	Alarm Maximum Event Count
6019	RWi	Alarm Maximum Event Period	1..864000	s
6020	RWt	Latest Delivered Event Time
6021	Rt!	Latest Recorded Event Time
6022	E	Alarm Clear
6023	RWb	Alarm Auto Clear
6024	Ri!	Event Code	100..255
6025	Ro!	Latest Payload
@10277	1.0	1.0	x	m	Water Meter Low Pressure Alarm
6011	RWi!	Event Type
6012	RWb!	Alarm Realtime
6013	Rb	Alarm State
6014	RWf	Alarm Set Threshold
6015	RWi	Alarm Set Operator
6016	RWf	Alarm Clear Threshold
6017	RWi	Alarm Clear Operator
6018	RWi	Alarm Maximum Event Count
6019	RWi	Alarm Maximum Event Period	1..864000	s
6020	RWt	Latest Delivered Event Time
6021	Rt!	Latest Recorded Event Time
6022	E	Alarm Clear
6023	RWb	Alarm Auto Clear
6024	Ri!	Event Code	100..255
6025	Ro!	Latest Payload
@10278	1.0	1.0	x	m	High Temperature Alarm
6011	RWi!	Event Type
6012	RWb!	Alarm Realtime
6013	Rb	Alarm State
6014	RWf	Alarm Set Threshold
6015	RWi	Alarm Set Operator
6016	RWf	Alarm Clear Threshold
6017	RWi	Alarm Clear Operator
6018	RWi	Alarm Maximum Event Count
6019	RWi	Alarm Maximum Event Period	1..864000	s
6020	RWt	Latest Delivered Event Time
6021	Rt!	Latest Recorded Event Time
6022	E	Alarm Clear
6023	RWb	Alarm Auto Clear
6024	Ri!	Event Code	100..255
6025	Ro!	Latest Payload
@10279	1.0	1.0	x	m	Low Temperature Alarm
6011	RWi!	Event Type
6012	RWb!	Alarm Realtime
6013	Rb	Alarm State
6014	RWf	Alarm Set Threshold
6015	RWi	Alarm Set Operator
6016	RWf	Alarm Clear Threshold
6017	RWi	Alarm Clear Operator
6018	RWi	Alarm Maximum Event Count
6019	RWi	Alarm Maximum Event Period	1..864000	s
6020	RWt	Latest Delivered Event Time
6021	Rt!	Latest Recorded Event Time
6022	E	Alarm Clear
6023	RWb	Alarm Auto Clear
6024	Ri!	Event Code	100..255
6025	Ro!	Latest Payload
@10280	1.0	1.0	x	m	Water Network Leak Alarm
6011	RWi!	Event Type
6012	RWb!	Alarm Realtime
6013	Rb	Alarm State
6014	RWf	Alarm Set Threshold
6015	RWi	Alarm Set Operator
6016	RWf	Alarm Clear Threshold
6017	RWi	Alarm Clear Operator
6018	RWi	Alarm Maximum Event Count
6019	RWi	Alarm Maximum Event Period	1..864000	s
6020	RWt	Latest Delivered Event Time
6021	Rt!	Latest Recorded Event Time
6022	E	Alarm Clear
6023	RWb	Alarm Auto Clear
6024	Ri!	Event Code	100..255
6025	Ro!	Latest Payload
@10281	1.0	1.0	x	m	Low Battery Alarm
6011	RWi!	Event Type
6012	RWb!	Alarm Realtime
6013	Rb	Alarm State
6014	RWf	Alarm Set Threshold
6015	RWi	Alarm Set Operator
6016	RWf	Alarm Clear Threshold
6017	RWi	Alarm Clear Operator
6018	RWi	Alarm Maximum Event Count
6019	RWi	Alarm Maximum Event Period	1..864000	s
6020	RWt	Latest Delivered Event Time
6021	Rt!	Latest Recorded Event Time
6022	E	Alarm Clear
6023	RWb	Alarm Auto Clear
6024	Ri!	Event Code	100..255
6025	Ro!	Latest Payload
@10282	1.0	1.0	x	m	Daughter Board Failure Alarm
6011	RWi!	Event Type
6012	RWb!	Alarm Realtime
6013	Rb	Alarm State
6014	RWf	Alarm Set Threshold
6015	RWi	Alarm Set Operator
6016	RWf	Alarm Clear Threshold
6017	RWi	Alarm Clear Operator
6018	RWi	Alarm Maximum Event Count
6019	RWi	Alarm Maximum Event Period	1..864000	s
6020	RWt	Latest Delivered Event Time
6021	Rt!	Latest Recorded Event Time
6022	E	Alarm Clear
6023	RWb	Alarm Auto Clear
6024	Ri!	Event Code	100..255
6025	Ro!	Latest Payload
@10283	1.0	1.0	x	m	Device Reboot Event
6011	RWi!	Event Type
6012	RWb!	Alarm Realtime
6013	Rb	Alarm State
6014	RWf	Alarm Set Threshold
6015	RWi	Alarm Set Operator
6016	RWf	Alarm Clear Threshold
6017	RWi	Alarm Clear Operator
6018	RWi	Alarm Maximum Event Count
6019	RWi	Alarm Maximum Event Period	1..864000	s
6020	RWt	Latest Delivered Event Time
6021	Rt!	Latest Recorded Event Time
6022	E	Alarm Clear
6023	RWb	Alarm Auto Clear
6024	Ri!	Event Code	100..255
6025	Ro!	Latest Payload
@10284	1.0	1.0	x	m	Time Synchronisation Event
6011	RWi!	Event Type
6012	RWb!	Alarm Realtime
6013	Rb	Alarm State
6014	RWf	Alarm Set Threshold
6015	RWi	Alarm Set Operator
6016	RWf	Alarm Clear Threshold
6017	RWi	Alarm Clear Operator
6018	RWi	Alarm Maximum Event Count
6019	RWi	Alarm Maximum Event Period	1..864000	s
6020	RWt	Latest Delivered Event Time
6021	Rt!	Latest Recorded Event Time
6022	E	Alarm Clear
6023	RWb	Alarm Auto Clear
6024	Ri!	Event Code	100..255
6025	Ro!	Latest Payload
@10285	1.0	1.0	x	m	Presence Alarm
5501	Ri	Digital Input Counter
5505	E	Digital Input Counter Reset
5750	RWs	Application Type
5751	Rs	Sensor Type
5903	RWi	Busy to Clear delay		ms
5904	RWi	Clear to Busy delay		ms
6011	RWi!	Event Type
6012	RWb!	Alarm Realtime
6013	Rb	Alarm State
6014	RWf	Alarm Set Threshold
6015	RWi	Alarm Set Operator
6016	RWf	Alarm Clear Threshold
6017	RWi	Alarm Clear Operator
6018	RWi	Alarm Maximum Event Count
6019	RWi	Alarm Maximum Event Period	1..864000	s
6020	RWt	Latest Delivered Event Time
6021	Rt!	Latest Recorded Event Time
6022	E	Alarm Clear
6023	RWb	Alarm Auto Clear
6024	Ri!	Event Code	100..255
6025	Ro!	Latest Payload
6040	RWf	Sample Frequency	0.0..86400.0	s
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6057	RWfm	Averaging Time Period	0.0..86400.0	s
@10286	1.0	1.0	x		App Fota Container
0	Ro!	UL data
1	Wo!	DL data
@10290	1.0	1.0	x	m	Voltage Logging
6000	Ri!	Interval Period	1..864000	s
6001	Ri	Interval Start Offset	0..86399	s
6002	Rs	Interval UTC Offset
6003	Rt!	Interval Collection Start Time
6004	Rt!	Oldest Recorded Interval
6005	RWt	Last Delivered Interval
6006	Rt!	Latest Recorded Interval
6007	RWb!	Interval Delivery Midnight Aligned
6008	E	Interval Historical Read
6009	Ro	Interval Historical Read Payload
6010	E	Interval Change Configuration
6026	E	Start
6027	E	Stop
6028	Ri	Status
6029	Ro!	Latest Payload
@10291	1.0	1.0	x	m	Voltage Transient
6000	Ri!	Interval Period	1..864000	s
6001	Ri!	Interval Start Offset	0..86399	s
6002	Rs	Interval UTC Offset
6003	Rt!	Interval Collection Start Time
6004	Rt!	Oldest Recorded Interval
6005	RWt!	Last Delivered Interval
6006	Rt!	Latest Recorded Interval
6007	RWb!	Interval Delivery Midnight Aligned
6008	E	Interval Historical Read
6009	Ro	Interval Historical Read Payload
6010	E	Interval Change Configuration
6026	E	Start
6027	E	Stop
6028	Ri	Status
6029	Ro!	Latest Payload
6040	RWf!	Sample Frequency	0.0..86400.0	s
@10292	1.0	1.0	x	m	Pressure Transient
6000	Ri!	Interval Period	1..864000	s
6001	Ri!	Interval Start Offset	0..86399	s
6002	Rs	Interval UTC Offset
6003	Rt!	Interval Collection Start Time
6004	Rt!	Oldest Recorded Interval
6005	RWt!	Last Delivered Interval
6006	Rt!	Latest Recorded Interval
6007	RWb!	Interval Delivery Midnight Aligned
6008	E	Interval Historical Read
6009	Ro	Interval Historical Read Payload
6010	E	Interval Change Configuration
6026	E	Start
6027	E	Stop
6028	Ri	Status
6029	Ro!	Latest Payload
6040	RWf!	Sample Frequency	0.0..86400.0	s
@10299	1.0	1.0	x		HostDevice
0	Rs!	Manufacturer
1	Rs!	Model
2	Rs!	UniqueID
3	Rs!	FirmwareVersion
4	Rs	SoftwareVersion
5	Rs	HardwareVersion
6	Rs	DateStamp
@10300	1.0	1.0	x	m	LWM2M Meta Object
0	Ri!	ObjectID
1	Rs!	ObjectURN
2	Rsm!	URI
3	Ri	SHAType	0..8
4	Rs	ChecksumValue
4000	Rl	ObjectInstanceHandle
@10308	1.0	1.0	x	m	AT&T Connectivity Extension
1	Rs!	ICCID
2	Rs!	IMSI
3	RWs!	MSISDN
4	RWi!	APN Retries
5	RWi!	APN Retry Period		s
6	RWi!	APN Retry Back-Off Period		s
7	Ri!	SINR	<7 to >12.5
8	Ri!	SRXLEV
9	Rs!	CE Mode
@10308	2.0	1.0	x:	m	AT&T Connectivity Extension
1	Rs!	ICCID
2	Rs!	IMSI
3	RWs!	MSISDN
4	RWi!	APN Retries
5	RWi!	APN Retry Period		s
6	RWi!	APN Retry Back-Off Period		s
7	Ri!	SINR	<7 to >12.5
8	Ri!	SRXLEV
9	Ri!	CE_LEVEL	0,1,2
@10309	1.0	1.0	x	m	Shareparkinglot
1	Ri!	LockID
2	Rs	LockType
3	Rbm	LightSwitchState
4	Rim!	RSSI	-30..-120	dBm
5	Rfm	BatteryCapacity	0..100	%EL
6	Rtm!	DataUpTime
5514	Rsm	Latitude
5515	Rsm	Longitude
@10311	1.0	1.0	x	m	Solar Radiation
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
@10311	1.1	1.0	x:	m	Solar Radiation
5518	Rt	Timestamp
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
5821	RWf	Current Calibration
6042	Ri	Measurement Quality Indicator	0..23
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
@10313	1.0	1.0	x	m	Gas Readings
6000	Ri!	Interval Period	1..864000	s
6001	Ri	Interval Start Offset	0..86399	s
6002	Rs	Interval UTC Offset
6003	Rt!	Interval Collection Start Time
6004	Rt!	Oldest Recorded Interval
6005	RWt	Last Delivered Interval
6006	Rt!	Latest Recorded Interval
6007	RWb!	Interval Delivery Midnight Aligned
6008	E	Interval Historical Read
6009	Ro	Interval Historical Read Payload
6010	E	Interval Change Configuration
6026	E	Start
6027	E	Stop
6028	Ri	Status
6029	Ro!	Latest Payload
6041	RWi	Sensor Warm-up Time	0..86400	s
@10314	1.0	1.0	x	m	Particulates
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5700	Rf!	Sensor Value
5701	Rs	Sensor Units
5750	RWs	Application Type
6043	Rf!	Measured Particle Size		m
@10315	1.0	1.0	x	!	Robot
1	Rs!	Robot ID	0..255
2	Rs!	Robot Type	0..63
3	Rs!	Robot Serial Number	0..63
4	Rb!	Charging
5	Rb	Positioning
6	Rl	Location
51	Ri!	Battery Level	0..100	%
5852	RWi!	On time		s
@10316	1.0	1.0	x	!	RCU
1	Rs!	RCU ID	0..127
2	Rs!	RCU Serial Number	0..63
3	Rs!	RCU Software Version	0..63
4	Rs!	RCU OS Version	0..127
5	Rs!	RCU CPU Info	64
6	Rs!	RCU RAM Info	64
7	Ri!	RCU ROM Size		GB
8	Ri!	RCU ROM Available Size		GB
9	Ri!	SD Storage		GB
10	Ri!	SD Available Storage		GB
11	Rl	RCU GPS Location
12	Rs	Wi-Fi MAC	12
13	Rs	Bluetooth MAC	12
14	Rs	Camera Info	64
51	Ri!	Battery Level	0..100	/100
60	Rsm!	Downloaded APP Packages
100	Rlm	RCU APPs
5852	RWi!	On time		s
@10318	1.0	1.0	x	!	RCU PM
1	Ri!	CPU Usage	0..100	/100
2	Ri!	Max CPU Usage	0..100	/100
3	Ri!	Memory Usage	0..100	/100
4	Ri!	Storage Usage	0..100	/100
51	Ri!	Battery Level	0..100	/100
52	Rf!	Network Bandwidth		Mbit/s
53	Ri!	Mobile Signal
54	Ri	GPS Signal
55	Ri!	Wi-Fi Signal
56	Rf!	UpLink Rate		Mbit/s
57	Rf!	DownLink Rate		Mbit/s
58	Ri!	Packet Loss Rate	0..100	/100
59	Ri!	Network Latency		ms
300	Rf!	Battery Temperature		Cel
@10319	1.0	1.0	x	!	RCU Control
1	Rb	RCU Diagnostics Mode
2	Rb	RCU Log Recording
100	E!	RCU Shutdown
101	E!	RCU Restart
102	E!	RCU Deactivate
103	E!	RCU Reset
104	E!	RCU Diagnostics Mode Control
105	E!	RCU Log Recording Control
@10320	1.0	1.0	x	m	CCU
1	Rs!	CCU ID
2	Rs!	CCU FM Version
3	Rs!	CCU SW Version
4	Ri!	CCU Memory Size		GB
5	Ri!	CCU Storage		GB
6	Ri!	CCU Available Storage		GB
100	Rsm	Downloaded APP Packages
101	Rlm	CCU APPs
5852	RWi!	On time		s
@10322	1.0	1.0	x	m	CCU PM
1	Ri	CPU Usage	0..100	%
2	Ri	Max CPU Usage	0..100	%
3	Ri	Memory Usage	0..100	%
4	Ri	Storage Usage	0..100	%
@10323	1.0	1.0	x	m	CCU Control
100	E!	CCU Restart
101	E!	CCU Reset
102	E!	CCU Self-checking
@10324	1.0	1.0	x	m	ECU
1	Rs!	ECU ID
2	Rs!	ECU FM Version
5852	RWi!	On time		s
@10326	1.0	1.0	x	!	Robot PM
51	Ri!	Battery Level	0..100	/100
300	Ri!	Battery Temperature		Cel
301	Rf	Temperature		Cel
302	Ri	Humidity	0..100	/100
303	Ri	PM2.5		ug/m3
304	Rf	Smog		ug/m3
305	Rf	CO		ppm
306	Rf	CO2		ppm
307	Ri	PM10		ug/m3
601	Rf	Speed		m/h
602	Ri	Water Used	0..100	/100
603	Ri	Dust Box Used	0..100	/100
604	Ri	Obstacle Distance		cm
607	Rf	Robot Temperate		Cel
608	Ri	Confidence Index	0..100	/100
1101	Rf!	Data Traffic Used		Mbit/s
1102	Ri	Images Handled
1103	Ri	HARI S-Voice Requests
1104	Ri	HARI S-Vision Requests
1105	Ri	HARI S-Motion Requests
1106	Ri	HARI S-Map Requests
1107	Ri	Successful HARI S-Voice Requests
1108	Ri	Successful HARI S-Vision Requests
1109	Ri	Successful HARI S-Motion Requests
1110	Ri	Successful HARI S-Map Requests
1111	Ri	Questions Answered
1112	Ri	Unknown Questions
1113	Ri	Mileage		m
1114	Ri	Cleaned Times
1115	Rf	Cleaned Area		m2
1116	Ri	Cleaned Time		s
1117	Ri	ASR Recognized		B
1118	Ri	Incorrect ASR Recognitions		B
1119	Ri	Tried TTS Texts		B
1120	Ri	Successful TTS Texts		B
1121	Ri	ASR Recognized (CH)		B
1122	Ri	Tried TTS Texts (CH)		B
1123	Ri	Successful TTS Texts (CH)		B
1124	Ri	ASR Recognized (EN)		B
1125	Ri	Tried TTS Texts (EN)		B
1126	Ri	Successful TTS Texts (EN)		B
1127	Ri	ASR Recognized (ES)		B
1128	Ri	Tried TTS Texts (ES)		B
1129	Ri	Successful TTS Texts (ES)		B
1130	Ri	ASR Recognized (JA)		B
1131	Ri	Tried TTS Texts (JA)		B
1132	Ri	Successful TTS Texts (JA)		B
1133	Ri	ASR Recognized (SCCH)		B
1134	Ri	Tried TTS Texts (SCCH)		B
1135	Ri	Successful TTS Texts (SCCH)		B
1136	Ri	ASR Recognized (GDCH)		B
1137	Ri	Tried TTS Texts (GDCH)		B
1138	Ri	Successful TTS Texts (GDCH)		B
1139	Ri	ASR Recognized (TCH)		B
1140	Ri	Tried TTS Texts (TCH)		B
1141	Ri	Successful TTS Texts (TCH)		B
1501	Ri	Objects Recognition Tries
1502	Ri	Successful Object Recognition
1503	Ri	Face Recognition Tries
1504	Ri	Successful Face Recognitions
1505	Ri	Vehicle Plate Recognition Tries
1506	Ri	Successful Vehicle Plate Recognitions
1507	Ri!	Tasks Assigned
1508	Ri!	Successful Tasks Executed
1509	Ri	Images Uploaded
1510	Ri	Videos Uploaded
1511	Ri	Images Matted
@10327	1.0	1.0	x	m	Compressor
1	Rs!	Compressor Name
50	Rb!	Compressor Status
@10328	1.0	1.0	x	m	SCA PM
1	Rs!	SCA Name
605	Rf!	SCA Current		A
606	Rf!	SCA Temperate		Cel
@10329	1.0	1.0	x	!	Robot Control
1	Rb	Collision Detection
2	Rb	Drop Detection
3	Rb	Automatic Navigation
100	E!	Robot Shutdown
101	E!	Robot Reboot
102	E!	Robot Reset
103	E!	Robot Wakeup
104	E!	Robot Sleep
105	E!	Robot Self-checking
106	E!	Emergency Braking
107	E!	Emergency Braking Release
110	E	Action Execution
111	E	Action List Upload
112	E	Action List Download
113	E	Group Dancing Program Control
114	E	Navigation Map Upload
115	E	Group Dancing Program Control
116	E	Navigation Map Download
117	E	Route list Execution
118	E	Route list Upload
119	E	Route list Download
120	E	Automatic Navigation Control
121	E	Manual Navigation
122	E	Moving to Charging Station
123	E	Moving to Specified location
124	E	Low Frequency Patrol Broadcasting
125	E	Task Start
126	E	Task Stop
127	E	Task Suspend
128	E	Task Resume
129	E	Video Upload
130	E	Picture Upload
131	E	Default Language Switching
132	E	Intonation Change
133	E	Intonation Change
134	E	Speaking with Action
135	E!	Collision Detection Control
136	E!	Drop Detection Control
@10330	1.0	1.0	x	!	Network Info
1	Rs!	IMEI	15
2	Rs!	IMSI	15
3	Rl!	Radio Connectivity
4	Ri	GPS Signal Status	1..4
5	Ri!	VBN Connection Status	0..1
6	Ri!	HARI Connection Status	0..1
7	Rim	CCU Connection Status	0..1
@10331	1.0	1.0	x	!	Robot Service Info
1	Rs!	Current status	0..127
2	Rs	Services Providing	0..127
3	Rs!	Advertising Contents
4	Rs	Current Language	0..127
5	Rs	Volume	0..100	/100
6	Ri	Moving Status	0..2
7	Rf	Moving Speed		m/h
8	Rl	Location
9	Rs	Map List
10	Rs	Planned Route list
11	Rs	Current Route
12	Rs	Route to-do List
13	Rb!	Synchronous Whistle
14	Rs	Current Actions
15	Ri	ASR Type	0..2
50	Rs	TTS Vendor
51	Rs	TTS Speaker
@10332	1.0	1.0	x	m	Robot Selfcheck Info
1	Rs!	Entity	4..63
2	Ri!	Status
@10333	1.0	1.0	x		PM Threshold
1	RWsm!	Entity	4..63
2	RWsm!	Performance Type
3	RWfm!	High Threshold
4	RWfm!	Low Threshold
@10334	1.0	1.0	x	m	Robot Alarm
1	Rs!	Entity	4..63
2	Ri!	Probable Cause	0..65535
3	Rs!	Specific Problem
4	Ri!	Alarm Type	2..6
5	Ri!	Severity	1..5
6	Rt!	Report Time
7	Ri!	Sequence No	0..9223372036854775807
8	Rs	Additional Info
@10335	1.0	1.0	x	m	Event
1	Rs!	Entity	4..63
2	Ri!	Event Type	0..65535
3	Rt!	Time
4	Ri!	Sequence No	0..9223372036854775807
5	Rs	Additional Info
@10336	1.0	1.0	x		MIC
5905	Rs	Host Device Manufacturer
5906	Rs	Host Device Model Number
5907	Rs	Host Device Unique ID
@10337	1.0	1.0	x	m	SCA
1	Rs!	SCA Name
100	Ri	SCA Motion Status	0..2
200	E	SCA Motion Control
@10338	1.0	1.0	x		Speaker
1	Rb!	Speaker status
2	Rb!	Voice Warning
100	E!	Voice Control
101	E!	Voice Warning Control
@10339	1.0	1.0	x		Tripod Head
100	E	Tripod Direction Control
101	E	Tripod Automatic Control
102	E	Tripod Reset
5905	Rs	Host Device Manufacturer
5906	Rs	Host Device Model Number
5907	Rs	Host Device Unique ID
@10340	1.0	1.0	x	m	Camera
1	Rs!	Camera Name
2	Rb!	Camera Status
3	Rb!	Connection Status
4	Ri!	Working Status	0..15
5	Rb!	Local Recording
6	Rb!	Image Matting
7	Rb!	Camera Snapshot
8	Rb!	Camera Recording
100	E!	Camera Control
101	E!	Local Recording Control
102	E!	Image Matting Control
103	E!	Camera Snapshot Control
104	E!	Camera Recording Control
@10341	1.0	1.0	x		GPS
5905	Rs	Host Device Manufacturer
5906	Rs	Host Device Model Number
5907	Rs	Host Device Unique ID
@10342	1.0	1.0	x		IMU
5905	Rs	Host Device Manufacturer
5906	Rs	Host Device Model Number
5907	Rs	Host Device Unique ID
@10343	1.0	1.0	x	m	LiDAR
1	Rs!	LiDAR Name
5905	Rs	Host Device Manufacturer
5906	Rs	Host Device Model Number
5907	Rs	Host Device Unique ID
@10344	1.0	1.0	x	m	Arm
1	Rs!	Arm Name
5905	Rs	Host Device Manufacturer
5906	Rs	Host Device Model Number
5907	Rs	Host Device Unique ID
@10345	1.0	1.0	x	m	Leg
1	Rs!	Leg Name
5905	Rs	Host Device Manufacturer
5906	Rs	Host Device Model Number
5907	Rs	Host Device Unique ID
@10346	1.0	1.0	x	m	Servomotor
1	Rs!	Servomotor Name
5905	Rs	Host Device Manufacturer
5906	Rs	Host Device Model Number
5907	Rs	Host Device Unique ID
@10347	1.0	1.0	x		Screen
1	Rb!	Screen Status
2	Rs	Startup Page
3	Rs	Current Displaying Page or Current Screen Play List
100	E!	Screen Control
101	E!	Startup Page Set
102	E!	Screen Page Set
103	E!	Screen Play List Set
@10348	1.0	1.0	x	m	Wheel
1	Rs!	Wheel Name
5905	Rs	Host Device Manufacturer
5906	Rs	Host Device Model Number
5907	Rs	Host Device Unique ID
@10349	1.0	1.0	x		Chassis
5905	Rs	Host Device Manufacturer
5906	Rs	Host Device Model Number
5907	Rs	Host Device Unique ID
@10350	1.0	1.0	x	m	Light
1	Rs!	Light Name
2	Rb!	Light Status
100	E!	Light Control
@10351	1.0	1.0	x	m	Door
1	Rs!	Door Name
50	Rb!	Door Status
100	E!	Door Control
@10352	1.0	1.0	x		Thermal Imager
1	Rf!	Highest Temperature	-100.0..100.0	Cel
2	Rf!	Lowest Temperature	-100.0..100.0	Cel
3	Rf!	Average Temperature	-100.0..100.0	Cel
@10353	1.0	1.0	x		Warning Light
1	Rb!	Light Status
2	Rb!	Light Warning
100	E!	Light Control
101	E!	Light Warning Control
@10354	1.0	1.0	x	m!	APP
1	RWs!	APP Name
2	RWs!	APP Version
3	RWs	APP Build No
4	RWs	APP Patch No
5	Ws	Package URI	0..255 bytes
6	RWs	Vendor Name
7	RWl!	Installation Target
8	Ri!	APP Status	0..5
100	E!	APP Restart
101	E!	APP Start
102	E!	APP Stop
103	E!	APP Download
104	E!	APP Install
105	E!	APP Uninstall
106	E!	APP Activate
107	E!	APP Deactivate
108	E!	APP Verify
@10355	1.0	1.0	x		General Info
100	Rl!	Robot General Info
101	Rl!	RCU General Info
102	Rlm	CCU General Info
103	Rlm	ECU General Info
@10356	1.0	1.0	x		Service Info
100	Rl!	Robot Service Info
101	Rlm	SCA Info
102	Rl	Speaker Info
103	Rlm	Camera Info
104	Rl	Screen Info
105	Rlm	Light Info
106	Rl	Warning Light Info
107	Rlm	Door Info
108	Rl	Thermal Imager Info
109	Rlm	Compressor Info
110	Rlm	Lock Info
111	Rlm	Collision Sensor Info
112	Rlm	Drop Sensor Info
@10357	1.0	1.0	x		PM
100	Rl!	Robot PM
101	Rl!	RCU PM
102	Rlm	CCU PM
103	Rlm	SCA PM
@10358	1.0	1.0	x	m	Fan PM
1	Rs!	Fan Name
609	Ri	Fan Speed		1/min
@10359	1.0	1.0	x	m	Lock
1	Rs!	Lock Name
50	Rb	Lock Status
100	E!	Lock Control
@10360	1.0	1.0	x	m	Ultrasonic Sensor
1	Rs!	Name
50	Ri!	Status
@10361	1.0	1.0	x	m	Collision Sensor
1	Rs!	Name
50	Ri!	Status
51	Rb	Collision Detection
100	E!	Collision Detection Control
@10362	1.0	1.0	x	m	Drop Sensor
1	Rs!	Name
50	Ri!	Status
51	Rb	Drop Detection
100	E!	Drop Detection Control
@10363	1.0	1.0	x		Temperature Sensor
50	Ri!	Status
@10364	1.0	1.0	x		Humidity Sensor
50	Ri!	Status
@10365	1.0	1.0	x		Gas-Dust Sensor
50	Ri!	Status
@10366	1.0	1.0	x	m	Fan
1	Rs!	Fan Name
@10368	1.0	1.0	x	m	SpringMotor
1	Rs!	SpringMotor Name
5905	Rs	Host Device Manufacturer
5906	Rs	Host Device Model Number
5907	Rs	Host Device Unique ID
@10369	1.0	1.0	x		MCU
5905	Rs	Host Device Manufacturer
5906	Rs	Host Device Model Number
5907	Rs	Host Device Unique ID
@10371	1.0	1.0	x		Reboot Status
0	Ri!	Reboot State	0..2
1	Rs!	Reboot Error Message
2	Ri	Reset Factory State	0..3
3	Rs	Reset Factory Error Message
@10374	1.0	1.0	x	m	Modbus Connection
0	RWs!	Address
1	RWi!	Physical Layer Type	0..2
2	RWb!	Enable
3	RWi	Baudrate		bit/s
4	RWi	Stop Bits	1..2
5	RWi	Parity	0..2
6	RWi	Hardware Control Flow Mode	0..2
7	Rsm	Available RTU Ports
8	Ri!	State	0..4
@10375	1.0	1.0	x	m	Modbus Register Cluster
0	RWl!	Connection
1	RWi!	Register Type	1..4
2	RWi!	Unit ID	0..247, 255
3	RWi!	Starting Register Address	0..65535
4	RWi	Quantity of Registers	1..2000
5	RWim!	Values	0..65535
6	Rim	Minimum Measured Values	0..65535
7	Rim	Maximum Measured Values	0..65535
8	E	Reset Minimum and Maximum Measured Values
@10376	1.0	1.0	x	m	Periodic Activity
0	Rs!	Activity Name
1	Rs!	Activity Description
2	RWo	Activity Settings
3	RWs!	Start Mask
4	RWi!	Periodic Interval		s
5	RWi	Run Period		s
6	Ro	Record
7	Ri	Record Head Index
8	Ri	Record Tail Index
9	RWi	Record Read Index
10	RWs	Record Dispatch Start Mask
11	RWi	Record Dispatch Interval		s
@10377	1.0	1.0	x	m	Data Monitoring
0	Rs!	Monitoring Name
1	Rs!	Monitoring Description
2	RWo	Monitoring Settings
3	Ro!	Data
4	RWs	Data Sampling Start Mask
5	RWi	Data Sampling Interval		s
6	RWi	Data Sampling Run Period		s
7	RWo!	Reference A
8	RWi!	Comparison A
9	RWo	Reference B
10	RWi	Comparison B
11	RWo	Reference C
12	RWi	Comparison C
13	RWo!	Monitoring Results
@10378	1.0	1.0	x	m	Edge Application Server Configuration
0	RWs!	Application Client ID
1	RWsm!	EAS ID
2	RWsm!	EAS Endpoint
3	RWim	Type	1..2
@10379	1.0	1.0	x	m	Event Profile
0	RWim!	Events to Capture
1	Rom!	Events Captured
2	Rim	Active Events
3	RWim	Events Configured as Alarm
4	Rom	Alarms Captured
5	E	Capture Event
6	E!	Clear Events
7	E!	Clear Alarms
8	RWim	Maximum Event Count
9	RWim	Maximum Event Period		s
@10479	1.0	1.1	x	m	Cellular Network and Bearer Control
0	Rs!	PLMN Name
1	Rs!	MCC
2	Rs!	MNC
3	Ri!	Network Bearer	0..50
4	Rb!	Currently In Use
5	Ri!	Radio Signal Strength		dBm
6	Ri!	Link Quality
7	Ri	SignalSNR		dB
8	Ri	Coverage Enhancement Level	0..3, 99
9	E	Select Network
10	E	Select Network And Bearer
11	Rb	Device Supports Manual Network Selection
12	Rb	Network Manually Selected
13	Rb	Device Supports Manual Bearer Selection
14	Rb	Bearer Manually Selected
15	E!	Perform Network Scan
16	E	Reset Network Selection
@10481	1.0	1.1	x		Network Speed Test
0	E!	Perform Speed Test
1	Rt!	Last updated
2	RWs!	Server address
3	Rf!	Download Speed		MB/s
4	Rf!	Upload Speed		MB/s
5	Rf!	Ping Latency		ms
@10482	1.0	1.0	x		DYM IoT edge commands and data protocols
0	E	MQTT Redis Information
1	E	Disable Edge
2	E	Enable Edge
3	E	Delete Edge
4	RWs	Plugin Management
5	Ro	Read data
6	RWs	Write data
7	E	Write Data Operation
8	E!	Read data Operation
9	E	Observe data
10	E	Update Observe data
11	E	Remove Observe data
@18830	1.0	1.1	x	m	MQTT Broker
0	RWs!	URI
1	RWs!	Client Identifier
2	RWb!	Clean Session
3	RWu!	Keep Alive	0..65535	s
4	RWs	User Name
5	RWo	Password	0..65535
6	RWi!	Security Mode	0..4
7	RWo	Public Key or Identity
8	RWo	MQTT Broker Public Key
9	Wo	Secret Key
10	RWi	Certificate Usage	0..3
@18831	1.0	1.1	x	m	MQTT Publication
0	RWc!	Source
1	RWl!	Broker
2	RWs!	Topic
3	RWu!	QoS	0..2
4	RWb!	Retain
5	RWb	Active
6	RWu	Encoding	0..65535
`;

export const omaReusableResourceLines: string = `
4000	Rl	ObjectInstanceHandle
4001	Rs	ObjectVersion
4010	RWi	LogClass	255
4011	E	LogStart
4012	E	LogStop
4013	Ri	LogStatus	8-Bits
4014	Ro	LogData
4015	RWi	LogDataFormat	255
4016	o	LogDataIncremental
4017	RWu	LogDataIncrementalMinimumSendInterval
5500	Rb	Digital Input State
5501	Ri	Digital Input Counter
5502	RWb	Digital Input Polarity
5503	RWi	Digital Input Debounce		ms
5504	RWi	Digital Input Edge Selection	1..3
5505	E	Digital Input Counter Reset
5506	RWt	Current Time
5507	RWf	Fractional Time	0..1	s
5508	Rf	Min X Value
5509	Rf	Max X Value
5510	Rf	Min Y Value
5511	Rf	Max Y Value
5512	Rf	Min Z Value
5513	Rf	Max Z Value
5514	Rs	Latitude
5515	Rs	Longitude
5516	Rs	Uncertainty
5517	Ro	Velocity
5518	Rt	Timestamp
5519	Rf	Min Limit
5520	Rf	Max Limit
5521	RWf	Delay Duration		s
5522	RWo	Clip
5523	E	Trigger
5524	RWf	Duration		s
5525	RWf	Minimum Off-time		s
5526	RWi	Timer Mode	0..4
5527	RWs	Text
5528	RWi	X Coordinate
5529	RWi	Y Coordinate
5530	E	Clear Display
5531	RWf	Contrast	0..100	/100
5532	Rb	Increase Input State
5533	Rb	Decrease Input State
5534	RWi	Counter
5535	RWf	Calibration Offset
5536	RWf	Current Position	0..100	/100
5537	RWf	Transition Time		s
5538	Rf	Remaining Time		s
5541	RWi	Up Counter
5542	RWi	Down Counter
5543	Rb	Digital State
5544	RWf	Cumulative Time		s
5545	Ri	Max X Coordinate
5546	Ri	Max Y Coordinate
5547	Ri	Multi-state Input
5548	RWf	Level	0..100	/100
5550	RWb	Digital Output State
5551	RWb	Digital Output Polarity
5600	Rf	Analog Input Current Value
5601	Rf	Min Measured Value
5602	Rf	Max Measured Value
5603	Rf	Min Range Value
5604	Rf	Max Range Value
5605	E	Reset Min and Max Measured Values
5650	RWf	Analog Output Current Value	0..1
5700	Rf	Sensor Value
5701	Rs	Sensor Units
5702	Rf	X Value
5703	Rf	Y Value
5704	Rf	Z Value
5705	Rf	Compass Direction	0..360	deg
5706	RWs	Colour
5750	RWs	Application Type
5751	Rs	Sensor Type
5800	Rf	Instantaneous active power		W
5801	Rf	Min Measured active power		W
5802	Rf	Max Measured active power		W
5803	Rf	Min Range active power		W
5804	Rf	Max Range active power		W
5805	Rf	Cumulative active power		Wh
5806	Wf	Active Power Calibration		W
5810	Rf	Instantaneous reactive power		var
5811	Rf	Min Measured reactive power		var
5812	Rf	Max Measured reactive power		var
5813	Rf	Min Range reactive power		var
5814	Rf	Max Range reactive power		var
5815	Rf	Cumulative reactive power		varh
5816	Wf	Reactive Power Calibration		var
5820	Rf	Power factor
5821	RWf	Current Calibration
5822	E	Reset Cumulative energy
5823	RWs	Event Identifier
5824	RWt	Start Time
5825	RWi	Duration In Min		min
5826	RWi	Criticality Level	0..3
5827	RWi	Avg Load AdjPct	0..100	/100
5828	RWi	Duty Cycle	0..100	/100
5850	RWb	On/Off
5851	RWi	Dimmer	0..100	/100
5852	RWi	On time		s
5853	RWs	Multi-state Output
5854	RWi	Off Time		s
5900	RWf	Set Point Value
5903	RWi	Busy to Clear delay		ms
5904	RWi	Clear to Busy delay		ms
5905	Rs	Host Device Manufacturer
5906	Rs	Host Device Model Number
5907	Rs	Host Device Unique ID
5908	Rs	Host Device Software Version
5910	Ri	Bitmap Input
5911	E	Bitmap Input Reset
5912	RWs	Element Description
6000	Ri	Interval Period	1..864000	s
6001	Ri	Interval Start Offset	0..86399	s
6002	Rs	Interval UTC Offset
6003	Rt	Interval Collection Start Time
6004	Rt	Oldest Recorded Interval
6005	RWt	Last Delivered Interval
6006	Rt	Latest Recorded Interval
6007	RWb	Interval Delivery Midnight Aligned
6008	E	Interval Historical Read
6009	Ro	Interval Historical Read Payload
6010	E	Interval Change Configuration
6011	RWi	Event Type
6012	RWb	Alarm Realtime
6013	Rb	Alarm State
6014	RWf	Alarm Set Threshold
6015	RWi	Alarm Set Operator
6016	RWf	Alarm Clear Threshold
6017	RWi	Alarm Clear Operator
6018	RWi	Alarm Maximum Event Count
6019	RWi	Alarm Maximum Event Period	1..864000	s
6020	RWt	Latest Delivered Event Time
6021	Rt	Latest Recorded Event Time
6022	E	Alarm Clear
6023	RWb	Alarm Auto Clear
6024	Ri	Event Code	100..255
6025	Ro	Latest Payload
6026	E	Start
6027	E	Stop
6028	Ri	Status
6029	Ro	Latest Payload
6030	Ri	plmnID
6031	Ri	BandIndicator
6032	Ri	dlEarfcn
6033	Ri	CellID
6034	Ri	pci
6035	Ri	rsrp
6036	Ri	rsrq
6037	Ri	sysFrameNumber
6038	Ri	subFrameNumber
6039	Rf	Altitude		m
6040	RWf	Sample Frequency	0.0..86400.0	s
6041	RWi	Sensor Warm-up Time	0..86400	s
6042	Ri	Measurement Quality Indicator	0..23
6043	Rf	Measured Particle Size		m
6044	Rf	Battery Percentage	0.00..100.00
6045	Rf	RSSI		dBW
6046	Rb	Smoke Sensor State
6047	Rf	Detected CO2 percentage	0.00..100.00	/100
6048	Rf	Alarm loudness		dB
6049	Ri	Measurement Quality Level	0..100
6050	Rf	Fractional Timestamp	0..1	s
6051	Rf	Numeric Latitude		lat
6052	Rf	Numeric Longitude		lon
6053	Rf	Numeric Uncertainty		m
6054	E	Calibrate Coefficient
6055	RWf	Calibration Offset
6056	E	Calibrate Offset
6057	RWf	Averaging Time Period	0.0..86400.0	s
`;
