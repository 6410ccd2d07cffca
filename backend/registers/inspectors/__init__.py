"""The inspector directory (执法检查人员名录库): who may inspect, with certificates and their validity; experts apart."""
