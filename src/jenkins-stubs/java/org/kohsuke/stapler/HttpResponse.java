package org.kohsuke.stapler;

public interface HttpResponse {}

// stub: org.kohsuke.stapler.HttpResponse
