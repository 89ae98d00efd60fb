/*
 * Shows an entry of a form only while the choice above it needs it:
 * <div data-dt-choice="field of the choice" data-dt-value="the value that needs it">. What is typed is kept while it is
 * not shown.
 */
(function () {
  'use strict';

  window.Behaviour.specify('[data-dt-choice]', 'distributed-test-choice', 0, (place) => {
    const all = place.closest('.repeated-chunk') || place.closest('form');
    const choice = all && all.querySelector('select[name="_.' + place.dataset.dtChoice + '"]');
    if (!choice) {
      return;
    }
    // Its options are fetched after the page has come.
    const show = () => {
      place.hidden = (choice.value || choice.getAttribute('value')) !== place.dataset.dtValue;
    };
    choice.addEventListener('change', show);
    choice.addEventListener('filled', show);
    show();
  });
})();
