package org.kohsuke.stapler;

public class HttpResponses {
    public HttpResponses() {}

    public static org.kohsuke.stapler.HttpResponses.HttpResponseException status(int a0) {
        throw new UnsupportedOperationException("stub");
    }

    public abstract static class HttpResponseException extends java.lang.RuntimeException
            implements org.kohsuke.stapler.HttpResponse {
        public HttpResponseException() {}
    }
}

// stub: org.kohsuke.stapler.HttpResponses status
// stub: org.kohsuke.stapler.HttpResponses$HttpResponseException
