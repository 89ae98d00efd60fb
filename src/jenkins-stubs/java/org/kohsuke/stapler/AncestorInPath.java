package org.kohsuke.stapler;

@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
public @interface AncestorInPath {}

// stub: org.kohsuke.stapler.AncestorInPath
