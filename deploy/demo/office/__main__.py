"""Write the files of both offices."""

from pathlib import Path

from deploy.demo.office import office
from deploy.demo.office.sheets import write_office

FILES = Path(__file__).parent.parent / "files"

if __name__ == "__main__":
    for tenant_id in ("92", "19.05"):
        write_office(office(tenant_id), FILES / tenant_id)
