package org.kohsuke.stapler;

@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
public @interface WebMethod {
    java.lang.String[] name() default {};
}

// stub: org.kohsuke.stapler.WebMethod -a
