"""
A thermostat that speaks Remote Access by slixmpp alone, written from docs/igrs-ra.md. Arguments: JID, host, port, certificate, account server.
Says what it is, answers `data`, tells what is observed, agrees to who owns it, comes back when it is cut off; beyond that it does what each line on
standard input says, a step of `yaolian conformance ra-device --json`: {"id": "10.4-2", "facts": {"user": …}}
"""

import asyncio
import datetime
import json
import ssl
import sys
import urllib.request
import xml.etree.ElementTree as ET

import slixmpp
from slixmpp.exceptions import IqError, XMPPError
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

jid, host, port, certificate, accounts = sys.argv[1:]
name, domain = jid.split("@")
password = "correct-horse-battery"
ra = "urn:yaolian:ra:1:"


class Thermostat(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__(jid, password)
        self.ca_certs = certificate
        self.enable_direct_tls = False  # the port is that of STARTTLS
        self.values = {"/3303/0/5700": "20.5", "/3308/0/5900": "21", "/3311/0/5850": "false"}
        self.types = {"/3311/0/5850": "boolean"}
        self.writable = {"/3308/0/5900", "/3311/0/5850"}
        self.observed = set()
        self.executed = 0
        self.declined = None
        self.ending = False
        self.again = None
        for plugin in ("xep_0030", "xep_0115", "xep_0199"):
            self.register_plugin(plugin)
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("disconnected", self.cut)
        for name in ("read", "write", "execute", "observe", "cancel"):
            self.answer(f"{ra}data", name, getattr(self, name))
        self.answer(f"{ra}device", "device", self.describe)
        path = f"{{jabber:client}}message/{{{ra}push}}binding-asked"
        self.register_handler(Callback("asked", MatchXPath(path), self.asked))

    def answer(self, namespace, name, act):
        """What an iq of this payload is answered with; XMPPError refuses it."""

        def handle(iq):
            reply = iq.reply()
            reply["to"] = iq["from"]
            if iq["type"] not in ("get", "set"):
                return
            try:
                payload = act(iq.xml[0])
                if payload is not None:
                    reply.xml.append(payload)
                reply.send()
            except XMPPError as refusal:
                reply.error()
                reply["error"]["condition"] = refusal.condition
                reply["error"]["type"] = refusal.etype
                reply.send()

        path = f"{{jabber:client}}iq/{{{namespace}}}{name}"
        self.register_handler(Callback(f"{namespace} {name}", MatchXPath(path), handle))

    async def started(self, _):
        self.observed.clear()
        await self.get_roster()
        await self["xep_0115"].update_caps(broadcast=False)
        self.send_presence()
        print("online", flush=True)

    def cut(self, _):
        # slixmpp says so twice of a connection that it ends itself; a second connect() would break the handshake of the first.
        if not self.ending and self.again is None:
            self.again = asyncio.get_event_loop().call_later(0.2, self.begin)

    def begin(self):
        self.again = None
        if not self.is_connected():
            self.connect(host, int(port))

    def under(self, above):
        found = {p: v for p, v in self.values.items() if above is not None and (p == above or p.startswith(above + "/"))}
        if not found:
            raise XMPPError("item-not-found", etype="cancel")
        return found

    def told(self, found):
        now = datetime.datetime.now(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
        values = ET.Element(f"{{{ra}data}}values", time=now)
        for path, text in found.items():
            value = ET.SubElement(values, f"{{{ra}data}}value", path=path, type=self.types.get(path, "float"))
            value.text = text
        return values

    def read(self, asked):
        return self.told(self.under(asked.get("path")))

    def write(self, asked):
        path = asked.get("path")
        self.under(path)
        if path not in self.writable:
            raise XMPPError("not-allowed", etype="cancel")
        self.values[path] = asked.text or ""
        if any(path == one or path.startswith(one + "/") for one in self.observed):
            message = self.make_message(mto=domain, mtype="headline")
            message.xml.append(self.told({path: self.values[path]}))
            message.send()

    def execute(self, asked):
        if asked.get("path") != "/3303/0/5605":
            raise XMPPError("item-not-found", etype="cancel")
        self.executed += 1
        print(f"executed {asked.text or ''}", flush=True)

    def observe(self, asked):
        found = self.under(asked.get("path"))
        self.observed.add(asked.get("path"))
        return self.told(found)

    def cancel(self, asked):
        self.observed.discard(asked.get("path"))

    def describe(self, _):
        device = ET.Element(f"{{{ra}device}}device")
        for name, text in (("deviceType", "thermostat"), ("manufacturer", "slixmpp"), ("modelName", "T1")):
            ET.SubElement(device, f"{{{ra}device}}{name}").text = text
        for path in ("/3303/0", "/3308/0", "/3311/0"):
            ET.SubElement(device, f"{{{ra}device}}instance", path=path)
        return device

    def asked(self, message):
        # Only the domain pushes; what others say is theirs.
        if str(message["from"]) != domain:
            return
        user = message.xml[0].get("user")
        verb = "decline" if user == self.declined else "confirm"
        asyncio.ensure_future(self.ask("set", "binding", verb, user=user))

    async def ask(self, kind, namespace, element, **attributes):
        iq = self.make_iq(ito=domain, itype=kind)
        iq.xml.append(ET.Element(f"{{{ra}{namespace}}}{element}", attributes))
        try:
            await iq.send()
        except IqError as refusal:
            print(f"refused: {refusal.condition}", flush=True)

    async def do(self, step, facts):
        if step == "8-10":
            self.begin()  # and again by itself, until it is in
        elif step == "10.3-3":
            await self.ask("get", "binding", "bindings")
        elif step == "10.3-4":
            await self.ask("get", "binding", "confirmation")
        elif step == "10.3-5":
            await self.ask("set", "binding", "confirmation", required="true")
        elif step == "10.3-6":
            self.declined = facts["user"]
        elif step == "9-2":
            await self.ask("get", "permission", "permissions")
        elif step in ("9-3", "9-4"):
            await self.ask("set", "permission", "grant" if step == "9-3" else "revoke", **facts)
        elif step == "10.2-2":
            await self.ask("get", "link", "links")
        elif step == "10.4-2":
            await self.ask("set", "binding", "unbind", user=facts["user"])
        elif step == "10.5-2":
            await self.ask("set", "verification-code", "reset")
        elif step == "12-1":
            self.ending = True
            await self.disconnect()


def account(verb, **fields):
    facts = {"deviceName": name, "password": password} | fields
    request = urllib.request.Request(
        f"{accounts}/rest/v1/device/{verb}.json",
        json.dumps(facts).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=certificate)) as answer:
        print(f"{verb} {answer.status}", flush=True)


async def main():
    thermostat = Thermostat()
    while True:
        line = await asyncio.get_event_loop().run_in_executor(None, sys.stdin.readline)
        if not line:
            break
        step = json.loads(line)
        if step["id"] == "7-1":
            known = {"deviceType": "thermostat", "vendor": "slixmpp", "model": "T1"}
            account("register", verifyCode="SLIXM-PPCOD", confirm=1, **known)
        elif step["id"] == "7-2":
            account("read")
        elif step["id"] == "7-3":
            account("modify", model="T2")
        elif step["id"] == "7-4":
            account("delete")
        else:
            await thermostat.do(step["id"], step.get("facts", {}))


asyncio.run(main())
