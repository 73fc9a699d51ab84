# Biên bản cuộc họp. Thời gian đã được đổi sang múi giờ của cuộc họp.

opening-title = Khai mạc
opening-begun = Cuộc họp “{ $title }” khai mạc lúc { DATETIME($at, timeStyle: "short") }, ngày { DATETIME($at, dateStyle: "long") }.
opening-place = Địa điểm: { $place }.
opening-chair = Chủ trì: { $name }.
opening-secretary = Thư ký: { $name }.
quorum-met = Khi khai mạc có mặt { $present } trên tổng số { $total } thành viên; yêu cầu { $required }: đủ số lượng thành viên theo quy định.
quorum-not-met = Khi khai mạc có mặt { $present } trên tổng số { $total } thành viên; yêu cầu { $required }: không đủ số lượng thành viên theo quy định.

attendance-title = Thành phần tham dự

item-title = { $number }. { $title }
item-presenter = Người trình bày: { $name }.
item-discussed = Thảo luận từ { DATETIME($from, timeStyle: "short") } đến { DATETIME($to, timeStyle: "short") }.
item-speaker = { $name } phát biểu ({ $minutes } phút).
item-conclusion-pending = Nội dung này chưa có kết luận.
item-conclusion-under_discussion = Nội dung này chưa có kết luận.
item-conclusion-decided = Đã quyết định.
item-conclusion-deferred = Nội dung này được hoãn lại.
item-conclusion-withdrawn = Nội dung này được rút khỏi chương trình.
item-conclusion-noted = Cuộc họp đã ghi nhận.
item-outcome = Kết luận: { $text }

poll-annulled = Cuộc biểu quyết bắt đầu lúc { DATETIME($opened, timeStyle: "short") } và bị hủy lúc { DATETIME($annulled, timeStyle: "short") }; không có kết quả. Lý do: { $reason }
poll-quorum-lost = Lúc { DATETIME($at, timeStyle: "short") }, khi đang biểu quyết, không còn đủ số lượng thành viên theo quy định.
step-quorum-holds = Số lượng tối thiểu: có mặt { $present } trên { $total }, yêu cầu { $required }: đạt.
step-quorum-fails = Số lượng tối thiểu: có mặt { $present } trên { $total }, yêu cầu { $required }: không đạt.
step-participation = { $participating } trên { $total } thành viên tham gia biểu quyết (bằng { NUMBER($percent, minimumFractionDigits: 2) } %).
step-base-cast = Tính trên số phiếu tán thành và không tán thành: { $votes }.
step-base-cast_with_abstentions = Tính trên số phiếu đã biểu quyết, kể cả không có ý kiến: { $votes }.
step-base-valid = Tính trên số phiếu hợp lệ: { $votes }.
step-base-present = Tính trên số thành viên có mặt: { $votes }.
step-base-entitled = Tính trên số thành viên có quyền biểu quyết: { $votes }.
step-base-seats = Tính trên tổng số thành viên: { $votes }.
step-threshold-more-holds = Yêu cầu quá { $numerator }/{ $denominator }: { $left } > { $right }, đạt.
step-threshold-more-fails = Yêu cầu quá { $numerator }/{ $denominator }: { $left } không lớn hơn { $right }, không đạt.
step-threshold-at_least-holds = Yêu cầu ít nhất { $numerator }/{ $denominator }: { $left } ≥ { $right }, đạt.
step-threshold-at_least-fails = Yêu cầu ít nhất { $numerator }/{ $denominator }: { $left } nhỏ hơn { $right }, không đạt.
step-tie-lost = Số phiếu ngang nhau: không được thông qua.
step-tie-recast = Số phiếu ngang nhau: biểu quyết lại.
step-tie-chair-holds = Số phiếu ngang nhau: theo ý kiến của người chủ trì, được thông qua.
step-tie-chair-fails = Số phiếu ngang nhau: theo ý kiến của người chủ trì, không được thông qua.

closing-title = Bế mạc
closing-ended = Cuộc họp kết thúc lúc { DATETIME($at, timeStyle: "short") }, ngày { DATETIME($at, dateStyle: "long") }.

mail-greeting = Kính gửi { $name },
mail-neutral-title = cuộc họp
mail-when = Thời gian: { DATETIME($start, timeStyle: "short") } – { DATETIME($end, timeStyle: "short") }, { DATETIME($start, dateStyle: "full") } ({ $zone })
mail-where = Địa điểm: { $place }
mail-open = Mở trang cuộc họp
mail-invitation-subject = Giấy mời họp: { $title }
mail-invitation-text = Trân trọng kính mời Ông/Bà dự cuộc họp “{ $title }”. Chương trình đã ký và tài liệu có trên trang của cuộc họp. Đề nghị Ông/Bà xác nhận đã nhận chương trình và cho biết có dự họp hay không.
mail-agenda_changed-subject = Thay đổi chương trình: { $title }
mail-agenda_changed-text = Chương trình cuộc họp “{ $title }” có bản mới (bản số { $version }). Xác nhận đối với bản trước không còn hiệu lực. Đề nghị Ông/Bà xem các thay đổi và xác nhận lại.
mail-changes = Nội dung thay đổi
mail-cancelled-subject = Hủy họp: { $title }
mail-cancelled-text = Cuộc họp “{ $title }” sẽ không diễn ra.
mail-reason = Lý do: { $reason }
mail-uninvited-subject = Rút giấy mời: { $title }
mail-uninvited-text = Ông/Bà không còn trong danh sách mời dự cuộc họp “{ $title }”.
mail-minutes_to_sign-subject = Biên bản chờ ký: { $title }
mail-minutes_to_sign-text = Biên bản cuộc họp “{ $title }” đã sẵn sàng và đang chờ Ông/Bà ký.
mail-reminder-subject = Nhắc họp: { $title }
mail-reminder-text = Cuộc họp “{ $title }” sắp diễn ra.

sign-as-secretary = Ký với tư cách thư ký cuộc họp
sign-as-chair = Ký với tư cách chủ trì cuộc họp

# What changed from one version of an agenda to the next; for everybody invited.
change-heading-title = Tên mới: { $title }
change-heading-time = Thời gian mới: { DATETIME($start, timeStyle: "short") } – { DATETIME($end, timeStyle: "short") }, { DATETIME($start, dateStyle: "long") }
change-heading-place = Địa điểm mới: { $place }
change-added = Thêm nội dung { $number }: { $title }
change-added-restricted = Thêm nội dung { $number } (hạn chế)
change-removed = Rút khỏi chương trình: { $title }
change-removed-restricted = Một nội dung hạn chế được rút khỏi chương trình
change-moved = Đổi thứ tự: { $title } nay là nội dung { $number }
change-moved-restricted = Đổi thứ tự: một nội dung hạn chế nay là nội dung { $number }
change-line-restricted = Nội dung { $number } (hạn chế) có thay đổi
change-line-title = Nội dung { $number } có tên mới: { $value }
change-line-description = Nội dung { $number } ({ $title }): mô tả mới
change-line-kind = Nội dung { $number } ({ $title }): nay { $value }
change-line-presenter = Nội dung { $number } ({ $title }): người trình bày là { $value }
change-line-minutes = Nội dung { $number } ({ $title }): { $value } phút
change-line-papers = Nội dung { $number } ({ $title }): { $value }
change-kind-information = để thông tin
change-kind-discussion = để thảo luận
change-kind-decision = để quyết định
change-paper-added = thêm tài liệu “{ $title }”
change-paper-removed = rút tài liệu “{ $title }”
change-paper-changed = phiên bản mới của “{ $title }”
change-papers-order = đổi thứ tự tài liệu
mail-alert-subject = Cảnh báo an ninh: { $rule }
mail-alert-text = Một quy tắc giám sát nhật ký kiểm toán cần Ông/Bà xem xét: { $rule }. Đề nghị mở bảng giám sát, kiểm tra sự việc và xác nhận cảnh báo.
mail-alert-denials = nhiều yêu cầu bị từ chối
mail-alert-failed_sign_ins = đăng nhập thất bại nhiều lần
mail-alert-mass_reading = đọc nhiều tài liệu trong thời gian ngắn
mail-alert-two_places = một tài khoản dùng ở hai nơi cùng lúc
mail-alert-off_hours = đăng nhập ngoài giờ làm việc
mail-alert-log_broken = nhật ký kiểm toán không qua được kiểm tra
mail-alert-storage_low = dung lượng lưu trữ sắp hết
mail-alert-guardians = tài khoản của cán bộ an ninh hoặc quản trị viên bị tác động
