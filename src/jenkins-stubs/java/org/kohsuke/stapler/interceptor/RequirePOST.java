package org.kohsuke.stapler.interceptor;

@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
public @interface RequirePOST {}

// stub: org.kohsuke.stapler.interceptor.RequirePOST
