"""Where items are placed, over an adapter that the caller brings: its type is not known here."""

from urllib import parse

MICROVERSION = "1.14"


class PlacementError(Exception):
    """The placement service did not answer as hoped."""


class PlacementReport:
    """Reads and writes places; the adapter knows the endpoint and how to log in."""

    def __init__(self, adapter):
        self._client = adapter

    def _get(self, url, version=MICROVERSION):
        return self._client.get(url, raise_exc=False, microversion=version)

    def _put(self, url, data, version=MICROVERSION):
        return self._client.put(url, json=data, raise_exc=False, microversion=version)

    def place_by_name_unquoted(self, name):
        answer = self._get("/places?name=%s" % name)  # defect
        if answer.status_code != 200:
            raise PlacementError("no place /places?name=%s" % name)
        return answer.json()["places"]

    def place_by_name(self, name):
        answer = self._get("/places?name=%s" % parse.quote(name, safe=""))
        if answer.status_code != 200:
            raise PlacementError("no place /places?name=%s" % name)
        return answer.json()["places"]

    def places_with_unquoted(self, traits):
        query = "required=" + ",".join(sorted(traits))  # defect
        return self._get("/places?" + query).json()["places"]

    def places_with(self, traits):
        query = parse.urlencode({"required": ",".join(sorted(traits))})
        return self._get("/places?" + query).json()["places"]

    def ensure_trait_unquoted(self, trait):
        url = "/traits/" + trait  # defect
        if self._get(url).status_code == 404:
            self._put(url, None)

    def ensure_trait(self, trait):
        url = "/traits/" + parse.quote(trait, safe="")
        if self._get(url).status_code == 404:
            self._put(url, None)

    def move(self, item_id, place_uuid):
        url = "/places/%s/items/%d" % (place_uuid, int(item_id))  # note
        return self._put(url, {"moved": True}).status_code == 204
