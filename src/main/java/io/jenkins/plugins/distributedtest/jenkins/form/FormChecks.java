package io.jenkins.plugins.distributedtest.jenkins.form;

import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.util.List;
import jenkins.model.Jenkins;

/** What the fields of forms for administrators have in common: who may ask, and how an answer looks. */
public final class FormChecks {
    private FormChecks() {}

    /** A check that may fail with a message. */
    @FunctionalInterface
    public interface Check {
        /**
         * Checks.
         *
         * @throws Exception whose message is for the person at the form
         */
        void run() throws Exception;
    }

    /** A check that can say more than that it is well. */
    @FunctionalInterface
    public interface Answer {
        /**
         * Checks.
         *
         * @return the answer
         * @throws Exception whose message is for the person at the form
         */
        FormValidation give() throws Exception;
    }

    /**
     * Runs a check for somebody who may configure Jenkins.
     *
     * @return an error with the message of what it throws
     * @throws org.springframework.security.access.AccessDeniedException if this user may not
     */
    public static FormValidation check(Check check) {
        return answer(() -> {
            check.run();
            return FormValidation.ok();
        });
    }

    /**
     * Asks a question for somebody who may configure Jenkins.
     *
     * @return the answer, or an error with the message of what it throws
     * @throws org.springframework.security.access.AccessDeniedException if this user may not
     */
    public static FormValidation answer(Answer question) {
        Jenkins.get().checkPermission(Jenkins.MANAGE);
        try {
            return question.give();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FormValidation.error("Interrupted");
        } catch (Exception e) {
            return FormValidation.error(rootMessage(e));
        }
    }

    /**
     * The words of a choice, with an empty one first.
     *
     * @param usual what the empty one stands for
     * @param words the words
     * @param current the word that is set; null or empty for none
     * @return all of them for those who may configure; otherwise just the one that is set
     */
    public static ListBoxModel items(String usual, List<String> words, String current) {
        ListBoxModel items = new ListBoxModel();
        if (!Jenkins.get().hasPermission(Jenkins.MANAGE)) {
            items.add(current == null ? "" : current);
            return items;
        }
        items.add("the usual: " + usual, "");
        words.forEach(items::add);
        return items;
    }

    /** The message of what was at the bottom of it, for a person. */
    public static String rootMessage(Throwable problem) {
        Throwable root = problem;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
