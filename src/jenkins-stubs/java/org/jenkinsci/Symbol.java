package org.jenkinsci;

@java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
public @interface Symbol {
    java.lang.String[] value() default {};
}

// stub: org.jenkinsci.Symbol
