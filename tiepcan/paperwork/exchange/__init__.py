"""Papers as messages between offices: edXML by QCVN 102:2016/BTTTT. Pure: no database, no request."""
