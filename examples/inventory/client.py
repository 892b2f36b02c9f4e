"""Items and suppliers, over a session of requests."""

import logging
from urllib.parse import quote, urlencode

import requests

LOG = logging.getLogger(__name__)


class InventoryClient:
    """Talks to the inventory service; `_fast` methods trust their arguments, the others don't."""

    def __init__(self, token):
        self._session = requests.Session()
        self._session.headers["Authorization"] = "Bearer %s" % token
        self._answers = {}

    def get(self, url):
        """Send a GET to the service; all requests of this class go through here."""
        LOG.debug("GET %s", url)
        return self._session.get("https://inventory.example.org" + url, timeout=10)

    def delete(self, url, reason=None):
        """Send a DELETE to the service."""
        return self._session.delete(
            "https://inventory.example.org" + url, params={"reason": reason}, timeout=10
        )

    # One segment of a path.

    def supplier_fast(self, name):
        return self.get("/suppliers/%s" % name)  # defect

    def supplier(self, name):
        return self.get("/suppliers/%s" % quote(name, safe=""))

    def offers_fast(self, supplier, article):
        url = "/suppliers/%(supplier)s/offers/%(article)s" % {
            "supplier": supplier,  # defect
            "article": article,  # defect
        }
        return self.get(url)

    def offers(self, supplier, article):
        url = "/suppliers/%(supplier)s/offers/%(article)s" % {
            "supplier": quote(supplier, safe=""),
            "article": quote(article, safe=""),
        }
        return self.get(url)

    def shelf_fast(self, hall, number):
        return self.get("/halls/{}/shelves/{:d}".format(hall, number))  # defect

    def shelf(self, hall, number):
        return self.get("/halls/{}/shelves/{:d}".format(quote(hall, safe=""), number))

    def label_fast(self, article):
        return self.get(f"/labels/{article}.pdf").content  # defect

    def label(self, article):
        return self.get(f"/labels/{quote(article, safe='')}.pdf").content

    def retire_fast(self, article, reason):
        return self.delete("/articles/" + article, reason)  # defect

    def retire(self, article, reason):
        return self.delete("/articles/" + quote(article, safe=""), reason)

    # One value of a query.

    def search_fast(self, text):
        return self.get("/items?text=%s" % text).json()  # defect

    def search(self, text):
        return self.get("/items?%s" % urlencode({"text": text})).json()

    def tagged_fast(self, tags):
        return self.get("/items?tags=in:%s" % ",".join(sorted(tags))).json()  # defect

    def tagged(self, tags):
        return self.get("/items?tags=in:%s" % ",".join(quote(tag) for tag in sorted(tags))).json()

    def stock_fast(self, article, owner=None):
        url = f"/stock?article={article}"  # defect
        if owner is not None:
            url += "&owner=" + owner  # defect
        return self.get(url).json()

    def stock(self, article, owner=None):
        query = {"article": article}
        if owner is not None:
            query["owner"] = owner
        return self.get("/stock?" + urlencode(query)).json()

    def page(self, number, size):
        return self.get("/items?page=%d&size=%d" % (number, size)).json()

    # Ids that the service itself made, and look-ups that are no requests.

    def item(self, item_uuid):
        return self.get("/items/%s" % item_uuid).json()  # note

    def remembered(self, name):
        if self._answers.get("/suppliers/%s" % name) is None:
            LOG.info("nothing is remembered of /suppliers/%s", name)
        return self._answers.get("/suppliers/%s" % name)
