"""Two slixmpp clients that publish for each other and for themselves. Arguments: host, port, certificate. Prints what comes of it."""

import asyncio
import sys

import slixmpp
from slixmpp.exceptions import IqError
from slixmpp.plugins.xep_0118.stanza import UserTune
from slixmpp.plugins.xep_0402.stanza import Conference
from slixmpp.plugins.xep_0048.stanza import Bookmarks

host, port, certificate = sys.argv[1:]
picture = b"a picture of Juliet"
plugins = ("0004", "0030", "0049", "0048", "0054", "0060", "0084", "0115", "0118", "0163", "0199", "0223", "0402")


def say(*words):
    print(*words, flush=True)


class Client(slixmpp.ClientXMPP):
    def __init__(self, name, *more):
        super().__init__(f"{name}@example.org/slix", "correct horse")
        self.ca_certs = certificate
        self.online = asyncio.Event()
        self.came = asyncio.Queue()
        self.heard = []
        for plugin in (*plugins, *more):
            options = {"auto_join": False} if plugin == "0048" else {}
            self.register_plugin(f"xep_{plugin}", options)
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("user_tune_publish", lambda m: self.came.put_nowait(
            f"tune {m['pubsub_event']['items']['item']['tune']['title']}"))
        self.add_event_handler("avatar_metadata_publish", lambda m: self.came.put_nowait(
            f"avatar {m['pubsub_event']['items']['item']['id']}"))
        self.add_event_handler("vcard_avatar_update", lambda p: self.came.put_nowait(
            f"photo {p['vcard_temp_update']['photo']}"))
        self.connect(host, int(port))

    async def started(self, _):
        await self.get_roster()
        await self.plugin["xep_0115"].update_caps(broadcast=False)
        self.send_presence()
        self.online.set()

    async def hears(self, wanted):
        while wanted not in self.heard:
            self.heard.append(await asyncio.wait_for(self.came.get(), 20))
        say(self.boundjid.user, "hears", wanted)


def publish_options(client, **values):
    form = client.plugin["xep_0004"].make_form("submit")
    form.add_field(var="FORM_TYPE", ftype="hidden", value="http://jabber.org/protocol/pubsub#publish-options")
    for name, value in values.items():
        form.add_field(var=f"pubsub#{name}", value=value)
    return form


async def main():
    # With XEP-0153 juliet would say that she shows no picture, which is left alone.
    juliet, romeo = Client("juliet"), Client("romeo", "0153")
    await asyncio.gather(juliet.online.wait(), romeo.online.wait())
    info = await juliet.plugin["xep_0030"].get_info(jid=juliet.boundjid.bare, cached=False)
    say("pep", ("pubsub", "pep", None, None) in info["disco_info"]["identities"])

    await juliet.plugin["xep_0118"].publish_tune(title="Air", artist="Bach")
    romeo.send_presence_subscription(juliet.boundjid.bare)
    await romeo.hears("tune Air")
    await juliet.plugin["xep_0118"].publish_tune(title="Badinerie", artist="Bach")
    await romeo.hears("tune Badinerie")
    await juliet.hears("tune Badinerie")

    avatar = juliet.plugin["xep_0084"].generate_id(picture)
    await juliet.plugin["xep_0084"].publish_avatar(picture)
    await juliet.plugin["xep_0084"].publish_avatar_metadata({"id": avatar, "type": "image/png", "bytes": len(picture)})
    await romeo.hears(f"avatar {avatar}")
    answer = await romeo.plugin["xep_0084"].retrieve_avatar(juliet.boundjid.bare, avatar)
    say("published", answer["pubsub"]["items"]["item"]["avatar_data"]["value"] == picture)
    card = await romeo.plugin["xep_0054"].get_vcard(juliet.boundjid.bare, cached=False)
    say("vcard", card["vcard_temp"]["PHOTO"]["BINVAL"] == picture)
    await romeo.hears(f"photo {avatar}")

    tune = UserTune()
    tune["title"] = "secret"
    await juliet.plugin["xep_0223"].store(tune, node="urn:example:private", id="one")
    kept = await juliet.plugin["xep_0223"].retrieve("urn:example:private")
    say("private", kept["pubsub"]["items"]["item"]["payload"].findtext("{*}title"))
    try:
        await romeo.plugin["xep_0060"].get_items(juliet.boundjid.bare, "urn:example:private")
    except IqError as error:
        say("private to others", error.condition)
    try:
        await juliet.plugin["xep_0060"].publish(None, "urn:example:private", id="two", payload=tune.xml,
                                         options=publish_options(juliet, access_model="open"))
    except IqError as error:
        say("other options", error.condition)

    room = Conference()
    room["name"], room["autojoin"], room["nick"] = "The Play", True, "JC"
    options = publish_options(juliet, persist_items="true", max_items="max", send_last_published_item="never",
                              access_model="whitelist")
    await juliet.plugin["xep_0060"].publish(None, "urn:xmpp:bookmarks:1", id="play@rooms.example.org", payload=room.xml, options=options)
    old = await juliet.plugin["xep_0048"].get_bookmarks(method="xep_0049")
    [conference] = old["private"]["bookmarks"]["conferences"]
    say("old bookmark", conference["jid"], conference["name"], conference["nick"])
    bookmarks = Bookmarks()
    bookmarks.add_conference("orchard@rooms.example.org", "J", autojoin=True, name="The Orchard")
    await juliet.plugin["xep_0048"].set_bookmarks(bookmarks, method="xep_0049")
    new = await juliet.plugin["xep_0060"].get_items(None, "urn:xmpp:bookmarks:1")
    say("new bookmarks", *[f"{item['id']} {item['conference']['name']}" for item in new["pubsub"]["items"]])

    node = "http://jabber.org/protocol/tune"
    config = await juliet.plugin["xep_0060"].get_node_config(None, node)
    say("access", config["pubsub_owner"]["configure"]["form"].get_values()["pubsub#access_model"])
    listed = await romeo.plugin["xep_0060"].get_nodes(jid=juliet.boundjid.bare)
    say("nodes", *sorted(item[1] for item in listed["disco_items"]["items"] if item[1]))
    await juliet.plugin["xep_0060"].retract(None, node, "current", notify=True)
    await juliet.plugin["xep_0060"].delete_node(None, node)
    try:
        await romeo.plugin["xep_0060"].get_items(juliet.boundjid.bare, node)
    except IqError as error:
        say("deleted", error.condition)
    await asyncio.gather(juliet.disconnect(), romeo.disconnect())


asyncio.run(main())
